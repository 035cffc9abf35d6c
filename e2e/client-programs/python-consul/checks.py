"""What the parts of the program share: comparing, telling an answer in few words, and time."""
import threading
import time

import consul

# all keys are below it
ROOT = 'python-consul'
NO_SESSION = '11111111-2222-3333-4444-555555555555'


def check(name, actual, expected):
    if actual == expected:
        print('ok python-consul', name)
    else:
        print(f'not ok python-consul {name}\n    expected {expected!r}\n    found    {actual!r}')


def refusal(call, *arguments, **options):
    """Status and text of a refusal; what came instead when there was none."""
    try:
        return {'answer': call(*arguments, **options)}
    except consul.ConsulException as e:
        return str(e)


def tell(entry):
    """key=value of an entry, with what is not usual about it: flags, lock index, session."""
    if entry is None:
        return 'nothing'
    told = entry['Key'][len(ROOT):] + '=' + (entry['Value'] or b'').decode()
    if entry['Flags']:
        told += f' flags {entry["Flags"]}'
    if entry['LockIndex']:
        told += f' lock {entry["LockIndex"]}'
    if 'Session' in entry:
        told += f' session {entry["Session"]}'
    if not entry['ModifyIndex'] >= entry['CreateIndex'] > 0:
        told += f' indexes {entry["CreateIndex"]}, {entry["ModifyIndex"]}'
    return told


def until(since, condition):
    """Asks until it is so, at most ten seconds; the seconds since a moment at which it was."""
    while time.monotonic() - since < 10 and not condition():
        time.sleep(0.025)
    return time.monotonic() - since


def between(least, seconds, most):
    """Within these seconds, with a second's leave for a busy machine; true, or what it was."""
    return True if least <= seconds <= most + 1 else f'{seconds:.3f} s'


class Beside(threading.Thread):
    """A call beside the rest, and its answer."""

    def __init__(self, call):
        super().__init__(daemon=True)
        self.call = call
        self.failure = None
        self.start()

    def run(self):
        try:
            self.result = self.call()
        except Exception as e:  # told by the thread that asks for the answer
            self.failure = e

    def answer(self):
        self.join(60)
        if self.failure:
            raise self.failure
        return self.result
