# A simulated operating system after Martin Richards' benchmark: a scheduler, six tasks that send packets to
# each other, polymorphic calls and linked lists.
from harness import run

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(1, 7)
KIND_DEVICE, KIND_WORK = 1000, 1001
BUFFER = 4


class Packet(object):

    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * BUFFER

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task(object):

    def __init__(self, scheduler, ident, priority, queue, waiting):
        self.scheduler = scheduler
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.packet_pending = queue is not None
        self.waiting = waiting
        self.holding = False
        self.next = scheduler.tasks
        scheduler.tasks = self
        scheduler.by_ident[ident] = self

    def receive(self, packet, old):
        if self.queue is None:
            self.queue = packet
            self.packet_pending = True
            if self.priority > old.priority:
                return self
        else:
            packet.append_to(self.queue)
        return old

    def blocked(self):
        return self.holding or (not self.packet_pending and self.waiting)

    def run(self):
        packet = None
        if self.waiting and self.packet_pending:
            packet = self.queue
            self.queue = packet.link
            self.packet_pending = self.queue is not None
            self.waiting = False
        return self.step(packet)

    def wait(self):
        self.waiting = True
        return self

    def hold(self):
        self.scheduler.holds += 1
        self.holding = True
        return self.next

    def release(self, ident):
        other = self.scheduler.by_ident[ident]
        other.holding = False
        if other.priority > self.priority:
            return other
        return self

    def send(self, packet):
        other = self.scheduler.by_ident[packet.ident]
        self.scheduler.sends += 1
        packet.link = None
        packet.ident = self.ident
        return other.receive(packet, self)


class Idle(Task):

    def __init__(self, scheduler, ident, rounds):
        Task.__init__(self, scheduler, ident, 0, None, False)
        self.rounds = rounds
        self.control = 1

    def step(self, packet):
        self.rounds -= 1
        if self.rounds == 0:
            return self.hold()
        if self.control & 1 == 0:
            self.control //= 2
            return self.release(DEVICE_A)
        self.control = self.control // 2 ^ 0xd008
        return self.release(DEVICE_B)


class Worker(Task):

    def __init__(self, scheduler, ident, priority, queue):
        Task.__init__(self, scheduler, ident, priority, queue, True)
        self.destination = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.ident = self.destination
        packet.datum = 0
        for i in xrange(BUFFER):
            self.letter = self.letter % 26 + 1
            packet.data[i] = 64 + self.letter
        return self.send(packet)


class Handler(Task):

    def __init__(self, scheduler, ident, priority, queue):
        Task.__init__(self, scheduler, ident, priority, queue, True)
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == KIND_WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is not None:
            count = work.datum
            if count >= BUFFER:
                self.work = work.link
                return self.send(work)
            device = self.devices
            if device is not None:
                self.devices = device.link
                device.datum = work.data[count]
                work.datum = count + 1
                return self.send(device)
        return self.wait()


class Device(Task):

    def __init__(self, scheduler, ident, priority):
        Task.__init__(self, scheduler, ident, priority, None, True)
        self.pending = None

    def step(self, packet):
        if packet is None:
            packet = self.pending
            if packet is None:
                return self.wait()
            self.pending = None
            return self.send(packet)
        self.pending = packet
        return self.hold()


class Scheduler(object):

    def __init__(self):
        self.tasks = None
        self.by_ident = {}
        self.holds = 0
        self.sends = 0

    def run(self):
        task = self.tasks
        while task is not None:
            if task.blocked():
                task = task.next
            else:
                task = task.run()


def packets(count, ident, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, ident, kind)
    return queue


def simulate(rounds):
    scheduler = Scheduler()
    Idle(scheduler, IDLE, rounds)
    Worker(scheduler, WORKER, 1000, packets(2, WORKER, KIND_WORK))
    Handler(scheduler, HANDLER_A, 2000, packets(3, DEVICE_A, KIND_DEVICE))
    Handler(scheduler, HANDLER_B, 3000, packets(3, DEVICE_B, KIND_DEVICE))
    Device(scheduler, DEVICE_A, 4000)
    Device(scheduler, DEVICE_B, 5000)
    scheduler.run()
    return scheduler.sends, scheduler.holds


def iteration():
    for _ in range(6):
        result = simulate(10000)
    return result


if __name__ == '__main__':
    run(iteration)
