"""gevent's side of benchmarks/Compare: reads "name count" lines, does that many operations, answers "done".

The caller takes the time, of both sides with the same clock. Run by Debian's python3 with python3-gevent.
"""
import sys

import gevent
from gevent.event import AsyncResult, Event
from gevent.local import local
from gevent.lock import RLock, Semaphore
from gevent.pool import Pool
from gevent.queue import Channel, Queue


def both(*bodies):
    gevent.joinall([gevent.spawn(body) for body in bodies], raise_error=True)


def hand_over(queue, count):
    def put():
        for item in range(count):
            queue.put(item)

    def get():
        for _ in range(count):
            queue.get()

    both(put, get)


def queue_unbounded(count):
    hand_over(Queue(), count)


def queue_one(count):
    hand_over(Queue(1), count)


def channel(count):
    hand_over(Channel(), count)


def queue_ping_pong(count):
    there, back = Queue(), Queue()

    def ping():
        for item in range(count // 2):
            there.put(item)
            back.get()

    def pong():
        for _ in range(count // 2):
            back.put(there.get())

    both(ping, pong)


def event_ping_pong(count):
    there, back = Event(), Event()

    def ping():
        for _ in range(count // 2):
            there.set()
            back.wait()
            back.clear()

    def pong():
        for _ in range(count // 2):
            there.wait()
            there.clear()
            back.set()

    both(ping, pong)


def semaphore_ping_pong(count):
    there, back = Semaphore(0), Semaphore(0)

    def ping():
        for _ in range(count // 2):
            there.release()
            back.acquire()

    def pong():
        for _ in range(count // 2):
            there.acquire()
            back.release()

    both(ping, pong)


def semaphore_contended(count):
    semaphore = Semaphore(1)

    def take():
        for _ in range(count // 100):
            with semaphore:
                gevent.sleep(0)

    both(*[take] * 100)


def semaphore_uncontended(count):
    semaphore = Semaphore(1)
    for _ in range(count):
        semaphore.acquire()
        semaphore.release()


def lock_uncontended(count):
    lock = RLock()
    for _ in range(count):
        lock.acquire()
        lock.release()


def result(count):
    for _ in range(count):
        answer = AsyncResult()
        gevent.spawn(answer.set, 1)
        answer.get()


def timeout(count):
    for _ in range(count):
        with gevent.Timeout(10):
            pass


def local_read(count):
    mine = local()
    mine.value = 1
    total = 0
    for _ in range(count):
        total += mine.value
    assert total == count


def nothing():
    pass


def yields(greenlets, count):
    def turn():
        for _ in range(count // greenlets):
            gevent.sleep(0)

    both(*[turn] * greenlets)


def yield_two(count):
    yields(2, count)


def yield_thousand(count):
    yields(1_000, count)


def yield_ten_thousand(count):
    yields(10_000, count)


def inside(depth, count):
    if depth > 1:
        inside(depth - 1, count)
        return
    for _ in range(count):
        gevent.sleep(0)


def through(depth):
    if depth > 1:
        through(depth - 1)
    else:
        gevent.sleep(0)


def through_all(count):
    for _ in range(count):
        through(10)


def yield_inside_two(count):
    both(*[lambda: inside(10, count // 2)] * 2)


def yield_inside_ten_thousand(count):
    both(*[lambda: inside(10, count // 10_000)] * 10_000)


def yield_through_two(count):
    both(*[lambda: through_all(count // 2)] * 2)


def yield_through_ten_thousand(count):
    both(*[lambda: through_all(count // 10_000)] * 10_000)


def sleep_second(count):
    gevent.joinall([gevent.spawn(gevent.sleep, 1) for _ in range(count)])


def sleepers(count):
    gevent.joinall([gevent.spawn(gevent.sleep, 0.1) for _ in range(count)])


def pool_spawn(count):
    pool = Pool(100)
    for _ in range(count):
        pool.spawn(nothing)
    pool.join()


def pool_imap_unordered(count):
    assert sum(Pool(100).imap_unordered(lambda item: item, range(count))) == count * (count - 1) // 2


def join_all(count):
    assert len(gevent.joinall([gevent.spawn(nothing) for _ in range(count)])) == count


def threadpool_apply(count):
    threads = gevent.get_hub().threadpool
    for _ in range(count):
        threads.apply(nothing)


ROWS = {row.__name__: row for row in (
    queue_unbounded, queue_one, channel, queue_ping_pong, event_ping_pong, semaphore_ping_pong,
    semaphore_contended, semaphore_uncontended, lock_uncontended, result, timeout, local_read,
    yield_two, yield_thousand, yield_ten_thousand, yield_inside_two, yield_inside_ten_thousand,
    yield_through_two, yield_through_ten_thousand, sleep_second, sleepers, pool_spawn, pool_imap_unordered,
    join_all, threadpool_apply)}


def main():
    print("ready gevent", gevent.__version__, "CPython", sys.version.split()[0], flush=True)
    for line in sys.stdin:
        name, count = line.split()
        # In a greenlet of its own, as a program would: the main one takes other paths.
        gevent.spawn(ROWS[name], int(count)).get()
        print("done", flush=True)


if __name__ == "__main__":
    main()
