// Keys, listings and compare-and-swap.
'use strict';
const { ROOT, check, refusal, said, indexed, tell } = require('./checks');

module.exports = async (store) => {
  for (const part of [entries, values, flags, listings, deletions, conditions]) await part(store.kv);
};

async function entries(kv) {
  const key = `${ROOT}/k`;
  check('get of a missing key', tell(await kv.get(key)), 'nothing');
  check('get raw of a missing key', await kv.get({ key, raw: true }), null);
  check('set', await kv.set(key, 'one'), true);
  check('get', tell(await kv.get(key)), '/k=one');
  const [index, first] = await indexed((o) => kv.get({ key, ...o }));
  check('index of a key', index, first.ModifyIndex);
  check('indexes of a new key', first.CreateIndex, first.ModifyIndex);
  check('get consistent', tell(await kv.get({ key, consistent: true })), '/k=one');
  check('get stale', tell(await kv.get({ key, stale: true })), '/k=one');
  await kv.set(key, 'two');
  const second = await kv.get(key);
  check('set again', [tell(second), second.CreateIndex, second.ModifyIndex > first.ModifyIndex], ['/k=two', first.CreateIndex, true]);
  await kv.set(key, 'two');
  check('set of the same value', (await kv.get(key)).ModifyIndex > second.ModifyIndex, true);
  check('another data center', await refusal(kv.get({ key, dc: 'elsewhere' })), '500 No path to datacenter');
  check('no key', await refusal(kv.get('')), '400 Missing key name');
}

async function values(kv) {
  const key = `${ROOT}/v`;
  const get = async () => (await kv.get({ key, buffer: true })).Value;
  await kv.set(key, 'a b\n+&=ü€%41<>');
  check('odd value', tell(await kv.get(key)), '/v=a b\n+&=ü€%41<>');
  check('raw', (await kv.get({ key, raw: true })).toString(), 'a b\n+&=ü€%41<>');
  await kv.set(key, '');
  check('empty value', await get(), null);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  await kv.set(key, bytes);
  check('binary value', (await get()).equals(bytes), true);
  check('binary value raw', (await kv.get({ key, raw: true })).equals(bytes), true);
  check('largest value', await kv.set(key, Buffer.alloc(512 * 1024, 'x')), true);
  check('largest value read', (await get()).length, 512 * 1024);
  check('too large a value', await refusal(kv.set(key, Buffer.alloc(512 * 1024 + 1, 'x'))), '413 Value exceeds 524288 byte limit');
  const odd = `${ROOT}/k:1 +&ü%41@"<`;
  await kv.set(odd, 'v');
  check('odd key', tell(await kv.get(odd)), '/k:1 +&ü%41@"<=v');
  await kv.set(`${ROOT}/slash/`, 'with');
  check('key with a slash at the end', tell(await kv.get(`${ROOT}/slash/`)), '/slash/=with');
  check('the same key without', tell(await kv.get(`${ROOT}/slash`)), 'nothing');
}

async function flags(kv) {
  const key = `${ROOT}/f`;
  await kv.set({ key, value: '1', flags: '3304740253564472344' });
  // JavaScript reads the answer's number as it can: rounded
  check('flags of 62 bits', (await kv.get(key)).Flags, Number('3304740253564472344'));
  await kv.set({ key, value: '1', flags: '18446744073709551615' });
  check('flags of 64 bits', (await kv.get(key)).Flags, 2 ** 64);
  await kv.set({ key, value: '1', flags: 42 });
  check('flags', tell(await kv.get(key)), '/f=1 flags 42');
  await kv.set(key, '2');
  check('set without flags', tell(await kv.get(key)), '/f=2');
  check('flags that are no number', await refusal(kv.set({ key, value: '1', flags: 'abc' })), '500 strconv.ParseUint: parsing "abc": invalid syntax');
}

async function listings(kv) {
  const at = `${ROOT}/l`;
  for (const name of ['b', 'a/2', 'a/1', 'a-', 'a']) await kv.set(`${at}/${name}`, name);
  const keys = async (options) => (await kv.keys(options)).map((key) => key.slice(at.length));
  check('keys', await keys(`${at}/`), ['/a', '/a-', '/a/1', '/a/2', '/b']);
  check('keys of a part of a name', await keys(`${at}/a`), ['/a', '/a-', '/a/1', '/a/2']);
  check('keys with a separator', await keys({ key: `${at}/`, separator: '/' }), ['/a', '/a-', '/a/', '/b']);
  check('keys with a separator, without a slash', await keys({ key: at, separator: '/' }), ['/']);
  check('keys with a separator of two characters', await keys({ key: `${at}/`, separator: '/1' }), ['/a', '/a-', '/a/1', '/a/2', '/b']);
  check('keys of nothing', await refusal(kv.keys(`${at}/none/`)), '404');
  const recurse = async (key) => (await kv.get({ key, recurse: true }))?.map(tell) ?? 'nothing';
  check('recurse', await recurse(`${at}/a/`), ['/l/a/1=a/1', '/l/a/2=a/2']);
  check('recurse on a part of a name', await recurse(`${at}/a`), ['/l/a=a', '/l/a-=a-', '/l/a/1=a/1', '/l/a/2=a/2']);
  check('recurse on nothing', await recurse(`${at}/none/`), 'nothing');
  const [index, all] = await indexed((o) => kv.get({ key: `${at}/`, recurse: true, ...o }));
  check('index of a listing', index, Math.max(...all.map((entry) => entry.ModifyIndex)));
}

async function deletions(kv) {
  const at = `${ROOT}/d`;
  await kv.set(at, 'file');
  check('del', await kv.del(at), true);
  check('get after del', tell(await kv.get(at)), 'nothing');
  check('del of a missing key', await kv.del(at), true);
  for (const name of ['', '/a', '/a/b', 'z']) await kv.set(at + name, '1');
  check('del of a tree', await kv.del({ key: `${at}/`, recurse: true }), true);
  check('keys after it', await kv.keys(at), [at, `${at}z`]);
  check('del of a tree that is not there', await kv.del({ key: `${at}/`, recurse: true }), true);
  check('del of a tree by a part of a name', await kv.del({ key: at, recurse: true }), true);
  check('get after it', tell(await kv.get(`${at}z`)), 'nothing');
}

async function conditions(kv) {
  const key = `${ROOT}/c`;
  const set = (options) => said((o) => kv.set({ key, ...options, ...o }));
  const del = (cas) => said((o) => kv.del({ key, cas, ...o }));
  check('cas with an index on a missing key', await set({ value: '0', cas: 7 }), false);
  check('cas 0', await set({ value: '1', cas: 0, flags: 5 }), true);
  check('cas 0 on a key that exists', await set({ value: '2', cas: 0 }), false);
  const { ModifyIndex: index } = await kv.get(key);
  check('cas refused', await set({ value: '2', cas: index - 1 }), false);
  check('get after the refusals', tell(await kv.get(key)), '/c=1 flags 5');
  check('cas', await set({ value: '2', cas: index }), true);
  check('cas a second time', await set({ value: '3', cas: index }), false);
  check('get after cas', tell(await kv.get(key)), '/c=2');
  check('cas that is no number', await refusal(kv.set({ key, value: '2', cas: 'x' })), '500 strconv.ParseUint: parsing "x": invalid syntax');
  check('del with cas 0', await del(0), false);
  check('del with cas refused', await del(index), false);
  check('del with cas', await del((await kv.get(key)).ModifyIndex), true);
  check('del with cas of a missing key', await del(index), true);
  check('get after del with cas', tell(await kv.get(key)), 'nothing');
}
