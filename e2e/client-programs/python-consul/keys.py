"""Keys, listings and compare-and-swap."""
from checks import ROOT, check, refusal, tell


def run(store):
    for part in entries, values, flags, listings, deletions, conditions:
        part(store.kv)


def entries(kv):
    key = ROOT + '/k'
    check('get of a missing key', tell(kv.get(key)[1]), 'nothing')
    check('put', kv.put(key, 'one'), True)
    index, first = kv.get(key)
    check('get', tell(first), '/k=one')
    check('index of a key', int(index), first['ModifyIndex'])
    check('indexes of a new key', first['CreateIndex'], first['ModifyIndex'])
    check('get consistent', tell(kv.get(key, consistency='consistent')[1]), '/k=one')
    check('get stale', tell(kv.get(key, consistency='stale')[1]), '/k=one')
    kv.put(key, 'two')
    second = kv.get(key)[1]
    check('put again', [tell(second), second['CreateIndex'], second['ModifyIndex'] > first['ModifyIndex']], ['/k=two', first['CreateIndex'], True])
    kv.put(key, 'two')
    check('put of the same value', kv.get(key)[1]['ModifyIndex'] > second['ModifyIndex'], True)
    check('another data center', refusal(kv.get, key, dc='elsewhere'), '500 No path to datacenter')
    check('no key', refusal(kv.get, ''), '400 Missing key name')


def values(kv):
    key = ROOT + '/v'

    def put_and_get(value):
        kv.put(key, value)
        return kv.get(key)[1]['Value']

    odd = 'a b\n+&=ü€%41<>'.encode()
    check('odd value', put_and_get(odd), odd)
    check('empty value', put_and_get(''), None)
    check('no value', put_and_get(None), None)
    check('binary value', put_and_get(bytes(range(256))), bytes(range(256)))
    check('largest value', put_and_get(b'x' * 512 * 1024), b'x' * 512 * 1024)
    odd = ROOT + '/k:1 +&ü%41@"<'
    kv.put(odd, 'v')
    check('odd key', tell(kv.get(odd)[1]), '/k:1 +&ü%41@"<=v')
    kv.put(ROOT + '/slash/', 'with')
    check('key with a slash at the end', tell(kv.get(ROOT + '/slash/')[1]), '/slash/=with')
    check('the same key without', tell(kv.get(ROOT + '/slash')[1]), 'nothing')


def flags(kv):
    key = ROOT + '/f'
    for number in 42, 3304740253564472344, 2**64 - 1:
        kv.put(key, '1', flags=number)
        check(f'flags {number}', kv.get(key)[1]['Flags'], number)
    kv.put(key, '2')
    check('put without flags', tell(kv.get(key)[1]), '/f=2')
    check('flags that are no number', refusal(kv.put, key, '1', flags='abc'), '500 strconv.ParseUint: parsing "abc": invalid syntax')
    check('too large flags', refusal(kv.put, key, '1', flags=2**64), '500 strconv.ParseUint: parsing "18446744073709551616": value out of range')


def listings(kv):
    at = ROOT + '/l'
    for name in 'b', 'a/2', 'a/1', 'a-', 'a':
        kv.put(f'{at}/{name}', name)

    def keys(prefix, **options):
        found = kv.get(prefix, keys=True, **options)[1]
        return found and [key[len(at):] for key in found]

    check('keys', keys(at + '/'), ['/a', '/a-', '/a/1', '/a/2', '/b'])
    check('keys of a part of a name', keys(at + '/a'), ['/a', '/a-', '/a/1', '/a/2'])
    check('keys with a separator', keys(at + '/', separator='/'), ['/a', '/a-', '/a/', '/b'])
    check('keys with a separator, without a slash', keys(at, separator='/'), ['/'])
    check('keys with a separator of two characters', keys(at + '/', separator='/1'), ['/a', '/a-', '/a/1', '/a/2', '/b'])
    check('keys of nothing', keys(at + '/none/'), None)

    def recurse(prefix):
        found = kv.get(prefix, recurse=True)[1]
        return found and [tell(entry) for entry in found]

    check('recurse', recurse(at + '/a/'), ['/l/a/1=a/1', '/l/a/2=a/2'])
    check('recurse on a part of a name', recurse(at + '/a'), ['/l/a=a', '/l/a-=a-', '/l/a/1=a/1', '/l/a/2=a/2'])
    check('recurse on nothing', recurse(at + '/none/'), None)
    index, found = kv.get(at + '/', recurse=True)
    check('index of a listing', int(index), max(entry['ModifyIndex'] for entry in found))


def deletions(kv):
    at = ROOT + '/d'
    kv.put(at, 'file')
    check('delete', kv.delete(at), True)
    check('get after delete', tell(kv.get(at)[1]), 'nothing')
    check('delete of a missing key', kv.delete(at), True)
    for name in '', '/a', '/a/b', 'z':
        kv.put(at + name, '1')
    check('delete of a tree', kv.delete(at + '/', recurse=True), True)
    check('keys after it', kv.get(at, keys=True)[1], [at, at + 'z'])
    check('delete of a tree that is not there', kv.delete(at + '/', recurse=True), True)
    check('delete of a tree by a part of a name', kv.delete(at, recurse=True), True)
    check('get after it', tell(kv.get(at + 'z')[1]), 'nothing')


def conditions(kv):
    key = ROOT + '/c'
    check('cas with an index on a missing key', kv.put(key, '0', cas=7), False)
    check('cas 0', kv.put(key, '1', cas=0, flags=5), True)
    check('cas 0 on a key that exists', kv.put(key, '2', cas=0), False)
    index = kv.get(key)[1]['ModifyIndex']
    check('cas refused', kv.put(key, '2', cas=index - 1), False)
    check('get after the refusals', tell(kv.get(key)[1]), '/c=1 flags 5')
    check('cas', kv.put(key, '2', cas=index), True)
    check('cas a second time', kv.put(key, '3', cas=index), False)
    check('get after cas', tell(kv.get(key)[1]), '/c=2')
    check('cas that is no number', refusal(kv.put, key, '2', cas='x'), '500 strconv.ParseUint: parsing "x": invalid syntax')
    check('delete with cas 0', kv.delete(key, cas=0), False)
    check('delete with cas refused', kv.delete(key, cas=index), False)
    check('delete with cas', kv.delete(key, cas=kv.get(key)[1]['ModifyIndex']), True)
    check('delete with cas of a missing key', kv.delete(key, cas=index), True)
    check('get after delete with cas', tell(kv.get(key)[1]), 'nothing')
