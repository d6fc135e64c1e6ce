; A bit of everything.
(define (factorial n) (if (= n 0) 1 (* n (factorial (- n 1)))))
(display (factorial 30)) (newline)

(define (count-to limit)
  (let loop ((i 0) (sum 0))
    (if (= i limit) sum (loop (+ i 1) (+ sum i)))))
(display (count-to 100000)) (newline)

(define (make-counter)
  (define count 0)
  (lambda () (set! count (+ count 1)) count))
(define tick (make-counter))
(tick) (tick)
(write (list (tick) "text" #\a 1.5 'symbol `(1 ,(+ 1 1) ,@(map (lambda (x) (* x x)) '(3 4)))))
(newline)

(define (even? n) (if (= n 0) #t (odd? (- n 1))))
(define (odd? n) (if (= n 0) #f (even? (- n 1))))
(write (even? 50001)) (newline)

(do ((i 0 (+ i 1))) ((= i 2) (display i)) (display i) (display " "))
(newline)
(write (case (* 2 3) ((2 3 5 7) 'prime) ((1 4 6 8 9) 'composite) (else 'neither)))
(newline)
(write (expt 2 100)) (newline)
