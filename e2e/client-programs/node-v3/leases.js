// Leases: grants, renewals, what hangs on them, ends.
'use strict';
const { check, refusal, pause, until } = require('./checks');

module.exports = async ({ store }) => {
  const lease = store.lease(100, { autoKeepAlive: false });
  const id = await lease.grant();
  check('grant', [/^\d+$/.test(id), BigInt(id) > 0n], [true, true]);
  await lease.put('l/1').value('x');
  await store.put('l/2').value('y').lease(id);
  check('a key shows its lease', (await store.get('l/1').exec()).kvs[0].lease, id);
  const told = await store.leaseClient.leaseTimeToLive({ ID: id, keys: true });
  check('time to live', [told.grantedTTL, Number(told.TTL) > 90, told.keys.map(String).sort()], ['100', true, ['node3/l/1', 'node3/l/2']]);
  check('it is listed', (await store.leaseClient.leaseLeases()).leases.some((each) => each.ID === id), true);
  check('keepaliveOnce', (await lease.keepaliveOnce()).TTL, '100');
  await store.put('l/2').value('z').ignoreLease();
  check('ignoreLease keeps it', (await store.get('l/2').exec()).kvs[0].lease, id);
  await store.put('l/2').value('z');
  await lease.revoke();
  check('revoke takes its keys', [await store.get('l/1').exists(), await store.get('l/2').exists()], [false, true]);
  check('revoke again', await refusal(store.leaseClient.leaseRevoke({ ID: id })), 'EtcdLeaseInvalidError Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked');
  check('put of it', await refusal(store.put('l/3').value('x').lease(id)), 'EtcdLeaseInvalidError Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked');
  check('time to live after the end', (await store.leaseClient.leaseTimeToLive({ ID: id })).TTL, '-1');
  const chosen = await store.leaseClient.leaseGrant({ ID: 4711, TTL: 100 });
  check('an id of the client', [chosen.ID, chosen.TTL], ['4711', '100']);
  check('the same again', await refusal(store.leaseClient.leaseGrant({ ID: 4711, TTL: 100 })), 'GRPCFailedPreconditionError 9 FAILED_PRECONDITION: etcdserver: lease already exists');
  await store.leaseClient.leaseRevoke({ ID: 4711 });
  await kept(store);
  await runsOut(store);
};

// one of two seconds that the client keeps alive by itself lives for four
async function kept(store) {
  const lease = store.lease(2);
  await lease.put('l/kept').value('x');
  await pause(4000);
  check('a lease that is kept alive lives', await store.get('l/kept').exists(), true);
  await lease.revoke();
  check('until it is revoked', await store.get('l/kept').exists(), false);
}

async function runsOut(store) {
  const lease = store.lease(2, { autoKeepAlive: false });
  await lease.put('l/brief').value('x');
  check('it is there at first', await store.get('l/brief').exists(), true);
  await until(async () => !(await store.get('l/brief').exists()));
  check('a lease that runs out takes its keys', await store.get('l/brief').exists(), false);
}
