// The client's own locks and elections, which are made of leases, transactions and watches.
'use strict';
const { check, refusal, until } = require('./checks');

module.exports = async ({ store }) => {
  const lock = store.lock('lock').ttl(30);
  await lock.acquire();
  check('a lock is a key with a lease', (await store.get('lock').exec()).kvs[0].lease, await lock.leaseId());
  check('another has it not', (await refusal(store.lock('lock').acquire())).split(' ')[0], 'EtcdLockFailedError');
  await lock.release();
  check('do', await store.lock('lock').do(async () => store.get('lock').exists()), true);
  check('it is free afterwards', await store.get('lock').exists(), false);
  await elections(store);
};

async function elections(store) {
  const election = store.election('vote', 10);
  check('no leader', (await election.leader()) ?? null, null);
  const first = election.campaign('one');
  await first.wait();
  check('leader', await election.leader(), 'one');
  const observer = await election.observe();
  const leaders = [];
  observer.on('change', (leader) => leaders.push(leader));
  check('observe', observer.leader(), 'one');
  await first.proclaim('uno');
  await until(() => leaders.length > 0);
  check('proclaim is seen', leaders[0], 'uno');
  const second = election.campaign('two');
  const led = second.wait();
  await first.resign();
  await led;
  await until(() => leaders.includes('two'));
  check('the next leads', [await election.leader(), leaders.at(-1)], ['two', 'two']);
  await second.resign();
  await observer.cancel();
}
