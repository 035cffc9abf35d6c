// Transactions: reads, checks and writes, of one key and of several.
'use strict';
const { ROOT, NO_SESSION, check, tell } = require('./checks');

module.exports = async (store) => {
  for (const part of [writes, severalKeys, reads, failures, locks, bodies]) await part(store);
};

const base64 = (text) => Buffer.from(text).toString('base64');

// the results, values decoded; of a transaction rolled back the errors
async function run(store, ...operations) {
  try {
    const { Results, Errors } = await store.transaction.create(operations.map((KV) => ({ KV: { ...KV, Value: KV.Value === undefined ? undefined : base64(KV.Value) } })));
    return [Errors, ...Results.map(({ KV }) => tell({ ...KV, Value: KV.Value && Buffer.from(KV.Value, 'base64').toString() }))];
  } catch (error) {
    const { body } = error.response;
    return [error.statusCode, ...(body?.Errors?.map(({ OpIndex, What }) => `${OpIndex} ${What}`) ?? [body])];
  }
}

async function writes(store) {
  const Key = `${ROOT}/t`;
  check('txn check-not-exists, cas', await run(store, { Verb: 'check-not-exists', Key }, { Verb: 'cas', Key, Index: 0, Value: '0' }), [null, '/t=null']);
  check('txn set', await run(store, { Verb: 'set', Key, Value: '1', Flags: 7 }), [null, '/t=null flags 7']);
  check('get after txn set', tell(await store.kv.get(Key)), '/t=1 flags 7');
  const { ModifyIndex: Index } = await store.kv.get(Key);
  check('txn check-index, cas', await run(store, { Verb: 'check-index', Key, Index }, { Verb: 'cas', Key, Index, Value: '2' }), [null, '/t=null flags 7', '/t=null']);
  check('txn delete', await run(store, { Verb: 'delete', Key }), [null]);
  check('txn delete of a missing key', await run(store, { Verb: 'delete', Key }), [null]);
  check('txn delete-cas of a missing key', await run(store, { Verb: 'delete-cas', Key, Index: 1 }), [null]);
  check('get after txn delete', tell(await store.kv.get(Key)), 'nothing');
}

async function severalKeys(store) {
  const at = `${ROOT}/ts/`;
  const both = async () => (await run(store, { Verb: 'get-tree', Key: at })).slice(1);
  check('txn set, set, get', await run(store, { Verb: 'set', Key: `${at}a`, Value: '1' }, { Verb: 'set', Key: `${at}b`, Value: '2' }, { Verb: 'get', Key: `${at}a` }), [null, '/ts/a=null', '/ts/b=null', '/ts/a=1']);
  check('txn set, set of the same key', await run(store, { Verb: 'set', Key: `${at}a`, Value: '3' }, { Verb: 'set', Key: `${at}a`, Value: '4' }), [null, '/ts/a=null', '/ts/a=null']);
  check('get-tree after txn of several keys', await both(), ['/ts/a=4', '/ts/b=2']);
  check('txn set, delete, refused check', await run(store, { Verb: 'set', Key: `${at}a`, Value: '5' }, { Verb: 'delete', Key: `${at}b` }, { Verb: 'check-not-exists', Key: `${at}a` }), [409, `2 key "${at}a" exists`]);
  check('txn of several keys rolled back', await both(), ['/ts/a=4', '/ts/b=2']);
  check('txn delete-tree, set', await run(store, { Verb: 'delete-tree', Key: at }, { Verb: 'set', Key: `${at}c`, Value: '6' }), [null, '/ts/c=null']);
  check('get-tree after txn delete-tree', await both(), ['/ts/c=6']);
}

async function reads(store) {
  const at = `${ROOT}/tr/`;
  for (const name of ['a', 'b']) await store.kv.set(at + name, name);
  check('txn get, get', await run(store, { Verb: 'get', Key: `${at}a` }, { Verb: 'get', Key: `${at}b` }), [null, '/tr/a=a', '/tr/b=b']);
  check('txn get-tree', await run(store, { Verb: 'get-tree', Key: at }), [null, '/tr/a=a', '/tr/b=b']);
  check('txn get-tree of nothing', await run(store, { Verb: 'get-tree', Key: `${at}none/` }), [null]);
}

async function failures(store) {
  const Key = `${ROOT}/tf`;
  const q = `"${Key}"`;
  await store.kv.set(Key, '1');
  const { ModifyIndex: now } = await store.kv.get(Key);
  check('txn get of a missing key', await run(store, { Verb: 'get', Key: `${Key}x` }), [409, `0 key "${Key}x" doesn't exist`]);
  check('txn cas refused', await run(store, { Verb: 'cas', Key, Index: now + 1, Value: '2' }), [409, `0 failed to set key ${q}, index is stale`]);
  check('txn delete-cas refused', await run(store, { Verb: 'delete-cas', Key, Index: now + 1 }), [409, `0 failed to delete key ${q}, index is stale`]);
  check('txn check-index refused', await run(store, { Verb: 'check-index', Key, Index: 1 }, { Verb: 'set', Key, Value: '2' }), [409, `0 failed index check for key ${q}, current modify index ${now} != 1`]);
  check('txn check-not-exists refused', await run(store, { Verb: 'check-not-exists', Key }), [409, `0 key ${q} exists`]);
  check('txn all reported', await run(store, { Verb: 'get', Key: `${Key}x` }, { Verb: 'check-not-exists', Key }), [409, `0 key "${Key}x" doesn't exist`, `1 key ${q} exists`]);
  check('txn rolled back', tell(await store.kv.get(Key)), '/tf=1');
}

async function locks(store) {
  const Key = `${ROOT}/tl`;
  const { ID: Session } = await store.session.create({});
  check('txn lock with an unknown session', await run(store, { Verb: 'lock', Key, Value: '1', Session: NO_SESSION }), [409, `0 invalid session "${NO_SESSION}"`]);
  check('txn lock', await run(store, { Verb: 'lock', Key, Value: '1', Session }), [null, `/tl=null lock 1 session ${Session}`]);
  check('txn check-session', await run(store, { Verb: 'check-session', Key, Session }), [null, `/tl=null lock 1 session ${Session}`]);
  check('txn check-session refused', await run(store, { Verb: 'check-session', Key, Session: NO_SESSION }), [409, `0 failed session check for key "${Key}", current session "${Session}" != "${NO_SESSION}"`]);
  const other = (await store.session.create({})).ID;
  check('txn lock by another', await run(store, { Verb: 'lock', Key, Value: 'x', Session: other }), [409, `0 failed to lock key "${Key}", lock is already held`]);
  check('txn unlock by another', await run(store, { Verb: 'unlock', Key, Value: 'x', Session: other }), [409, `0 failed to unlock key "${Key}", lock isn't held, or is held by another session`]);
  check('txn unlock', await run(store, { Verb: 'unlock', Key, Value: '2', Session }), [null, '/tl=null lock 1']);
  check('get after txn unlock', tell(await store.kv.get(Key)), '/tl=2 lock 1');
  for (const id of [Session, other]) await store.session.destroy(id);
}

async function bodies(store) {
  const Key = `${ROOT}/tb`;
  check('txn of an unknown verb', await run(store, { Verb: 'foo', Key }), [409, '0 unknown KV verb "foo"']);
  check('txn of no key', await run(store, { Verb: 'set', Key: '', Value: '1' }), [409, '0 Must provide key']);
  const many = Array.from({ length: 65 }, () => ({ Verb: 'get', Key }));
  check('txn of too many operations', await run(store, ...many), [413, 'Transaction contains too many operations (65 > 64)']);
}
