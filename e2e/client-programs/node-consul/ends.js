// What becomes of locks when sessions end, and when those end that are not renewed.
'use strict';
const { ROOT, pause, check, refusal, said, tell, until, between } = require('./checks');

module.exports = async ({ kv, session }) => {
  for (const part of [release, remove, lockDelay, noLockDelay, expiry, renewal]) await part(kv, session);
};

const create = async (session, settings) => (await session.create(settings)).ID;

async function release(kv, session) {
  const key = `${ROOT}/e-release`;
  const id = await create(session, { behavior: 'release' });
  await kv.set({ key, value: '1', flags: 3, acquire: id });
  const before = await kv.get(key);
  await session.destroy(id);
  const after = await kv.get(key);
  check('end of a session releases', [tell(after), after.ModifyIndex > before.ModifyIndex], ['/e-release=1 flags 3 lock 1', true]);
}

async function remove(kv, session) {
  const id = await create(session, { behavior: 'delete', lockdelay: '20s' });
  const keys = ['a', 'b'].map((name) => `${ROOT}/e-delete/${name}`);
  for (const key of keys) await kv.set({ key, value: '1', acquire: id });
  await kv.set(`${ROOT}/e-delete/c`, 'not held');
  await session.destroy(id);
  check('end of a session deletes', await kv.keys(`${ROOT}/e-delete/`), [`${ROOT}/e-delete/c`]);
  const other = await create(session, {});
  check('acquire of a deleted key in its lock delay', await said((o) => kv.set({ key: keys[0], value: '2', acquire: other, ...o })), false);
  check('set of it', await kv.set(keys[0], '3'), true);
  check('get of it', tell(await kv.get(keys[0])), '/e-delete/a=3');
  await session.destroy(other);
}

async function lockDelay(kv, session) {
  const key = `${ROOT}/e-delay`;
  const id = await create(session, { lockdelay: '1s' });
  const other = await create(session, {});
  await kv.set({ key, value: '1', acquire: id });
  const since = Date.now();
  await session.destroy(id);
  check('acquire in the lock delay', await said((o) => kv.set({ key, value: '2', acquire: other, ...o })), false);
  const milliseconds = await until(since, () => kv.set({ key, value: '3', acquire: other }));
  check('lock delay', between(1, milliseconds, 1.5), true);
  check('get after the lock delay', tell(await kv.get(key)), `/e-delay=3 lock 2 session ${other}`);
  await session.destroy(other);
}

async function noLockDelay(kv, session) {
  const key = `${ROOT}/e-at-once`;
  const id = await create(session, { lockdelay: '0s' });
  const other = await create(session, {});
  await kv.set({ key, value: '1', acquire: id });
  await session.destroy(id);
  check('acquire without a lock delay', await kv.set({ key, value: '2', acquire: other }), true);
  await session.destroy(other);
}

// not before the time to live is over, and at twice that at the latest
async function expiry(kv, session) {
  const since = Date.now();
  const [releasing, deleting] = [await create(session, { ttl: '1s', lockdelay: '1ms' }), await create(session, { ttl: '1s', behavior: 'delete' })];
  const [kept, deleted] = [`${ROOT}/e-kept`, `${ROOT}/e-deleted`];
  await kv.set({ key: kept, value: '1', acquire: releasing });
  await kv.set({ key: deleted, value: '1', acquire: deleting });
  const milliseconds = await until(since, async () => !(await session.info(releasing)) && !(await session.info(deleting)));
  check('expiry', between(1, milliseconds, 2), true);
  check('expiry releases', tell(await kv.get(kept)), '/e-kept=1 lock 1');
  check('expiry deletes', tell(await kv.get(deleted)), 'nothing');
  check('renew after the expiry', await refusal(session.renew(releasing)), `404 Session id '${releasing}' not found`);
  await pause(50);
  const other = await create(session, {});
  check('acquire after the expiry', await kv.set({ key: kept, value: '2', acquire: other }), true);
  await session.destroy(other);
}

async function renewal(kv, session) {
  const key = `${ROOT}/e-renewed`;
  const id = await create(session, { ttl: '1s' });
  await kv.set({ key, value: '1', acquire: id });
  for (const since = Date.now(); Date.now() - since < 3000; await pause(300)) await session.renew(id);
  check('renewed for three times its time', tell(await kv.get(key)), `/e-renewed=1 lock 1 session ${id}`);
  await session.destroy(id);
}
