// Blocking queries and the client's watches.
'use strict';
const { ROOT, pause, check, refusal, indexed, tell, until, between } = require('./checks');

module.exports = async (store) => {
  for (const part of [wakeUps, listings, timeouts, sessions, watches]) await part(store);
};

// the answer of a read that waits behind an index, once something has been done; it must come soon after that
async function change(read, index, action) {
  const waiting = indexed((o) => read({ index, wait: '30s', ...o }));
  await pause(300);
  const since = Date.now();
  await action();
  const [next, answer] = await waiting;
  return { answer, next, grew: next > index, soon: between(0, Date.now() - since, 2) };
}

async function wakeUps({ kv }) {
  const key = `${ROOT}/w`;
  const get = (options) => kv.get({ key, ...options });
  const [missing] = await indexed(get);
  const made = await change(get, missing, () => kv.set(key, '1'));
  check('wait for a key to be made', [tell(made.answer), made.grew, made.soon], ['/w=1', true, true]);
  const changed = await change(get, made.next, () => kv.set(key, '2'));
  check('wait for a change', [tell(changed.answer), changed.grew, changed.soon], ['/w=2', true, true]);
  const again = await change(get, changed.next, () => kv.set(key, '2'));
  check('wait for a change to the same value', [tell(again.answer), again.grew, again.soon], ['/w=2', true, true]);
  const gone = await change(get, again.next, () => kv.del(key));
  check('wait for a deletion', [tell(gone.answer), gone.grew, gone.soon], ['nothing', true, true]);
}

async function listings({ kv }) {
  const at = `${ROOT}/wl/`;
  const list = (options) => kv.get({ key: at, recurse: true, ...options });
  const keys = (options) => kv.keys({ key: at, ...options });
  await kv.set(`${at}a`, '1');
  const [index] = await indexed(list);
  const added = await change(list, index, () => kv.set(`${at}b/c`, '2'));
  check('wait for a key below', [added.answer.map(tell), added.grew, added.soon], [['/wl/a=1', '/wl/b/c=2'], true, true]);
  const names = await change(keys, added.next, () => kv.set(`${at}a`, '3'));
  check('keys wait for a value', [names.answer, names.grew, names.soon], [[`${at}a`, `${at}b/c`], true, true]);
  const less = await change(list, names.next, () => kv.del(`${at}a`));
  check('wait for a deletion below', [less.answer.map(tell), less.grew, less.soon], [['/wl/b/c=2'], true, true]);
  const none = await change(list, less.next, () => kv.del({ key: at, recurse: true }));
  check('wait for the deletion of a tree', [none.answer ?? 'nothing', none.grew, none.soon], ['nothing', true, true]);
}

async function timeouts({ kv }) {
  const key = `${ROOT}/wt`;
  await kv.set(key, '1');
  const [index] = await indexed((o) => kv.get({ key, ...o }));
  const since = Date.now();
  const waiting = indexed((o) => kv.get({ key, index, wait: '1s', ...o }));
  await pause(300);
  await kv.set(`${key}x`, 'beside it');
  const [after, entry] = await waiting;
  check('wait for nothing', [tell(entry), after, between(1, Date.now() - since, 1.0625)], ['/wt=1', index, true]);
  const at = Date.now();
  await kv.get({ key, index: index - 1, wait: '30s' });
  check('wait behind an index that is past', between(0, Date.now() - at, 1), true);
  await kv.get({ key, wait: '30s' });
  check('wait without an index', between(0, Date.now() - at, 1), true);
  check('wait without a unit', await refusal(kv.get({ key, index, wait: '10' })), '400 Invalid wait time');
  check('index that is no number', await refusal(kv.get({ key, index: 'abc' })), '400 Invalid index');
}

async function sessions({ session }) {
  const list = (options) => session.list(options);
  const has = (sessions, id) => sessions.some(({ ID }) => ID === id);
  const [index] = await indexed(list);
  let id;
  const made = await change(list, index, async () => ({ ID: id } = await session.create({ name: 'waited for' })));
  check('wait for a session', [has(made.answer, id), made.grew, made.soon], [true, true, true]);
  const gone = await change(list, made.next, () => session.destroy(id));
  check('wait for the end of a session', [has(gone.answer, id), gone.grew, gone.soon], [false, true, true]);
}

async function watches(store) {
  const key = `${ROOT}/watched`;
  const seen = [];
  const watch = store.watch({ method: store.kv.get, options: { key, wait: '5s' } });
  watch.on('change', (entry) => seen.push(tell(entry)));
  watch.on('error', (error) => seen.push(String(error)));
  for (const action of [() => {}, () => store.kv.set(key, '1'), () => store.kv.set(key, '2'), () => store.kv.del(key)]) {
    const before = seen.length;
    await action();
    await until(Date.now(), () => seen.length > before);
  }
  watch.end();
  check('watch', seen, ['nothing', '/watched=1', '/watched=2', 'nothing']);
}
