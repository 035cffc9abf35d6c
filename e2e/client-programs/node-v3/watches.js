// Watches: of a key, of a prefix, from a revision, filtered, canceled, of the compacted past.
'use strict';
const { check, pause, until } = require('./checks');

module.exports = async ({ store }) => {
  const key = await watching(store.watch().key('w/k'));
  await store.put('w/other').value('x');
  const { header } = await store.put('w/k').value('1');
  check('a key', await key.told(1), ['put w/k=1']);
  await store.put('w/j').value('1');
  await store.delete().key('w/k');
  const all = ['put w/k=1', 'put w/j=1', 'delete w/k'];
  const since = () => store.watch().prefix('w/').startRevision(header.revision);
  check('a prefix from a revision', await (await watching(since())).told(3), all);
  check('with previous values', await (await watching(since().withPreviousKV())).told(3), ['put w/k=1', 'put w/j=1', 'delete w/k after 1']);
  // this client's ignore is the same as its only
  check('deletes only', await (await watching(since().only('delete'))).told(1), ['delete w/k']);
  check('puts only', await (await watching(since().only('put'))).told(2), ['put w/k=1', 'put w/j=1']);
  check('a range', await (await watching(store.watch().inRange({ start: 'w/a', end: 'w/k' }).startRevision(header.revision))).told(1), ['put w/j=1']);
  const answers = [];
  const txn = await store.watch().prefix('w/t/').create();
  txn.on('data', (answer) => answers.push(answer.events.map((each) => each.kv.key.toString())));
  await store.if('w/none', 'Version', '==', 0).then(store.put('w/t/1').value('1'), store.put('w/t/2').value('2')).commit();
  await until(() => answers.length > 0);
  check('a txn is told at once', answers, [['w/t/1', 'w/t/2']]);
  await txn.cancel();
  await store.put('w/t/1').value('3');
  await pause(300);
  check('a canceled one is told nothing', answers.length, 1);
  await compacted(store, header.revision);
};

// what a watch is told in few words
async function watching(builder) {
  const seen = [];
  const watcher = await builder.create();
  watcher.on('put', (kv, previous) => seen.push(`put ${kv.key}=${kv.value}${previous ? ` after ${previous.value}` : ''}`));
  watcher.on('delete', (kv, previous) => seen.push(`delete ${kv.key}${previous ? ` after ${previous.value}` : ''}`));
  return {
    told: async (count) => {
      await until(() => seen.length >= count);
      await watcher.cancel();
      return seen.map((each) => each.replace('node3/', ''));
    },
  };
}

async function compacted(store, from) {
  const { header } = await store.put('w/k').value('5');
  await store.kv.compact({ revision: header.revision });
  const ended = await new Promise((resolve) => {
    const watcher = store.watch().key('w/k').startRevision(from).watcher();
    watcher.on('error', (error) => resolve(error.message));
    watcher.on('end', () => resolve('ended'));
    setTimeout(() => resolve('nothing'), 10_000).unref();
  });
  check('of the compacted past', ended, 'Watcher canceled: ');
}
