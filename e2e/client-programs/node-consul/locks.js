// Acquire and release, alone and in contention.
'use strict';
const { ROOT, NO_SESSION, pause, check, refusal, said, indexed, tell } = require('./checks');

module.exports = async (store) => {
  const [mine, other] = await Promise.all([1, 2].map(async () => (await store.session.create({ lockdelay: '0s' })).ID));
  await held(store.kv, mine, other);
  await written(store.kv, mine, other);
  await refused(store.kv, mine);
  for (const id of [mine, other]) await store.session.destroy(id);
  await contention(store);
};

async function held(kv, mine, other) {
  const key = `${ROOT}/lock`;
  const acquire = (value, id) => said((o) => kv.set({ key, value, acquire: id, ...o }));
  const release = (value, id) => said((o) => kv.set({ key, value, release: id, ...o }));
  check('release of a key that is not there', await release('x', mine), false);
  check('acquire', await kv.set({ key, value: '1', flags: 9, acquire: mine }), true);
  check('get of a lock', tell(await kv.get(key)), `/lock=1 flags 9 lock 1 session ${mine}`);
  check('acquire by another', await acquire('x', other), false);
  check('get after the refusal', tell(await kv.get(key)), `/lock=1 flags 9 lock 1 session ${mine}`);
  check('acquire again', await acquire('2', mine), true);
  check('get after it', tell(await kv.get(key)), `/lock=2 lock 1 session ${mine}`);
  check('release by another', await release('x', other), false);
  check('release', await release('3', mine), true);
  check('get after the release', tell(await kv.get(key)), '/lock=3 lock 1');
  check('release of a free key', await release('x', mine), false);
  check('acquire by the other', await acquire('4', other), true);
  check('get of its lock', tell(await kv.get(key)), `/lock=4 lock 2 session ${other}`);
  check('del of a held key', await kv.del(key), true);
  check('acquire of the deleted key', await acquire('5', mine), true);
  check('get of the new lock', tell(await kv.get(key)), `/lock=5 lock 1 session ${mine}`);
}

// a write without a session is no matter of the lock
async function written(kv, mine, other) {
  const key = `${ROOT}/written`;
  await kv.set({ key, value: '1', acquire: mine });
  check('set of a held key', await kv.set(key, '2'), true);
  const entry = await kv.get(key);
  check('get of the held key', tell(entry), `/written=2 session ${mine}`);
  check('cas of a held key', await kv.set({ key, value: '3', cas: entry.ModifyIndex }), true);
  check('the lock is still held', await said((o) => kv.set({ key, value: 'x', acquire: other, ...o })), false);
  check('get of the key after cas', tell(await kv.get(key)), `/written=3 session ${mine}`);
}

async function refused(kv, mine) {
  const key = `${ROOT}/no`;
  const set = (options) => refusal(kv.set({ key, value: 'x', ...options }));
  check('acquire with an unknown session', await set({ acquire: NO_SESSION }), `500 invalid session "${NO_SESSION}"`);
  check('acquire with what is no session id', await set({ acquire: 'abc' }), '500 failed session lookup: index error: UUID must be 36 characters');
  check('acquire with no session', await set({ acquire: '' }), '500 missing session');
  check('release with an unknown session', await said((o) => kv.set({ key, value: 'x', release: NO_SESSION, ...o })), false);
  check('acquire and cas', await set({ acquire: mine, cas: 0 }), `400 Conflicting flags: acquire=${mine}&cas=0`);
  check('nothing was written', tell(await kv.get(key)), 'nothing');
}

// four contenders that wait for the key to change take the lock five times each
async function contention({ kv, session }) {
  const key = `${ROOT}/contended`;
  let holders = 0;
  let most = 0;
  let taken = 0;
  async function contender() {
    const { ID: id } = await session.create({ lockdelay: '0s', ttl: '60s' });
    for (let i = 0; i < 5; i++) {
      for (let [index] = await indexed((o) => kv.get({ key, ...o })); !(await kv.set({ key, value: id, acquire: id })); ) {
        [index] = await indexed((o) => kv.get({ key, index, wait: '10s', ...o }));
      }
      taken++;
      most = Math.max(most, ++holders);
      await pause(5);
      holders--;
      await kv.set({ key, value: '', release: id });
    }
    await session.destroy(id);
  }
  await Promise.all([1, 2, 3, 4].map(contender));
  check('contention', [taken, most], [20, 1]);
}
