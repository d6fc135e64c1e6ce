# Frames that are looked at when they do not run any more still know who called them.
import sys


def names(frame):
    result = []
    while frame is not None:
        result.append(frame.f_code.co_name)
        frame = frame.f_back
    return result


def caught():
    try:
        raise ValueError
    except ValueError:
        return sys.exc_info()


def calls_it():
    return caught()


information = calls_it()
print names(information[2].tb_frame)


def gives_frame():
    return sys._getframe()


def passes_on():
    return gives_frame()


print names(passes_on())


def fails(depth):
    if depth == 0:
        raise KeyError
    fails(depth - 1)


def last_traceback():
    try:
        fails(3)
    except KeyError:
        traceback = sys.exc_info()[2]
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback


print names(last_traceback().tb_frame)


def gives_frames():
    yield sys._getframe()
    yield sys._getframe().f_back


def resumes(generator):
    return generator.next()


generator = gives_frames()
frame = resumes(generator)
print frame.f_back
print names(resumes(generator)), generator.gi_frame.f_back


def hot():
    found = []
    for i in range(3000):
        try:
            fails(1)
        except KeyError:
            if i % 1000 == 0:
                found.append(names(sys.exc_info()[2].tb_next.tb_frame))
    return found


print hot()


def deeper(n):
    if n == 0:
        return sys._getframe()
    return deeper(n - 1)


kept = [deeper(i % 3) for i in range(3000)]
print [names(frame) for frame in kept[-3:]]
print sys.exc_info()[0]
