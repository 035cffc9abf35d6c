// Uses a store through node-etcd and says of each call whether it answered as etcd does: "ok NAME" or "not ok NAME" with the difference.
// usage: node program.js URL; node-etcd is found through NODE_PATH
'use strict';
const Etcd = require('node-etcd');
const { isDeepStrictEqual } = require('node:util');

const store = new Etcd([process.argv[2]]);
const ROOT = '/node';

// a call as a promise of [error, body, headers]
const ask = (method, ...args) => new Promise((resolve) => store[method](...args, (error, body, headers) => resolve([error, body, headers])));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// indexes, expirations and seconds to live differ from store to store: they must be there and plausible
function plain(node) {
  if (!node) return node;
  const { modifiedIndex, createdIndex, expiration, ttl, nodes, ...rest } = node;
  if (!(modifiedIndex >= createdIndex && createdIndex > 0)) rest.indexes = [createdIndex, modifiedIndex];
  if (expiration !== undefined) rest.expires = !Number.isNaN(Date.parse(expiration)) && ttl !== 0;
  if (nodes) rest.nodes = nodes.map(plain).sort((a, b) => (a.key < b.key ? -1 : 1));
  return rest;
}

const answer = ([error, body]) =>
  error ? { errorCode: error.errorCode, message: error.error?.message, cause: error.error?.cause } : { action: body.action, node: plain(body.node), prevNode: plain(body.prevNode) };

function check(name, actual, expected) {
  const wanted = JSON.parse(JSON.stringify(expected));
  const found = JSON.parse(JSON.stringify(actual));
  if (isDeepStrictEqual(found, wanted)) {
    console.log(`ok node-etcd ${name}`);
  } else {
    console.log(`not ok node-etcd ${name}\n    expected ${JSON.stringify(wanted)}\n    found    ${JSON.stringify(found)}`);
  }
}

const missing = (cause) => ({ errorCode: 100, message: 'Key not found', cause });

async function keys() {
  const k = `${ROOT}/k`;
  check('set', answer(await ask('set', k, 'one')), { action: 'set', node: { key: k, value: 'one' } });
  check('get', answer(await ask('get', k)), { action: 'get', node: { key: k, value: 'one' } });
  const [, , headers] = await ask('get', k);
  check('headers', [/^\d+$/.test(headers['x-etcd-index']), /^[0-9a-f]+$/.test(headers['x-etcd-cluster-id']), headers['content-type']], [true, true, 'application/json']);
  check('get with quorum', answer(await ask('get', k, { quorum: true })), { action: 'get', node: { key: k, value: 'one' } });
  check('set again', answer(await ask('set', k, 'two')), { action: 'set', node: { key: k, value: 'two' }, prevNode: { key: k, value: 'one' } });
  check('odd value', answer(await ask('set', `${ROOT}/odd`, 'a b\n+&=ü€%41<>')), { action: 'set', node: { key: `${ROOT}/odd`, value: 'a b\n+&=ü€%41<>' } });
  check('empty value', answer(await ask('set', `${ROOT}/empty`, '')), { action: 'set', node: { key: `${ROOT}/empty`, value: '' } });
  check('get of a missing key', answer(await ask('get', `${ROOT}/no/key`)), missing(`${ROOT}/no`));
  check('set with prevExist=false', answer(await ask('set', k, 'x', { prevExist: false })), { errorCode: 105, message: 'Key already exists', cause: k });
  check('set with prevExist=true', answer(await ask('set', k, 'three', { prevExist: true })), { action: 'update', node: { key: k, value: 'three' }, prevNode: { key: k, value: 'two' } });
  check('set below a file', answer(await ask('set', `${k}/x`, '1')), { errorCode: 104, message: 'Not a directory', cause: k });
  check('a bad number', answer(await ask('set', k, 'x', { ttl: 'soon' })), { errorCode: 202, message: 'The given TTL in POST form is not a number', cause: 'invalid value for "ttl"' });
  check('del', answer(await ask('del', k)), { action: 'delete', node: { key: k }, prevNode: { key: k, value: 'three' } });
  check('del of a missing key', answer(await ask('del', k)), missing(k));
}

async function conditions() {
  const k = `${ROOT}/c`;
  const index = (await ask('set', k, '1'))[1].node.modifiedIndex;
  check('compareAndSwap', answer(await ask('compareAndSwap', k, '2', '1')), { action: 'compareAndSwap', node: { key: k, value: '2' }, prevNode: { key: k, value: '1' } });
  check('compareAndSwap refused', answer(await ask('compareAndSwap', k, '3', '1')), { errorCode: 101, message: 'Compare failed', cause: '[1 != 2]' });
  const refused = answer(await ask('set', k, '3', { prevIndex: index }));
  refused.cause = refused.cause?.startsWith(`[${index} != `);
  check('prevIndex refused', refused, { errorCode: 101, message: 'Compare failed', cause: true });
  const now = (await ask('get', k))[1].node.modifiedIndex;
  check('prevIndex', answer(await ask('set', k, '3', { prevIndex: now })), { action: 'compareAndSwap', node: { key: k, value: '3' }, prevNode: { key: k, value: '2' } });
  check('compareAndDelete refused', answer(await ask('compareAndDelete', k, '1')), { errorCode: 101, message: 'Compare failed', cause: '[1 != 3]' });
  check('compareAndDelete', answer(await ask('compareAndDelete', k, '3')), { action: 'compareAndDelete', node: { key: k }, prevNode: { key: k, value: '3' } });
}

async function directories() {
  const d = `${ROOT}/d`;
  check('mkdir', answer(await ask('mkdir', d)), { action: 'set', node: { key: d, dir: true } });
  check('mkdir again', answer(await ask('mkdir', d)), { errorCode: 102, message: 'Not a file', cause: d });
  await ask('set', `${d}/b/c`, '2');
  await ask('set', `${d}/a`, '1');
  check('get of a directory', answer(await ask('get', d)), { action: 'get', node: { key: d, dir: true, nodes: [{ key: `${d}/a`, value: '1' }, { key: `${d}/b`, dir: true }] } });
  check('get recursive', answer(await ask('get', d, { recursive: true })), {
    action: 'get',
    node: { key: d, dir: true, nodes: [{ key: `${d}/a`, value: '1' }, { key: `${d}/b`, dir: true, nodes: [{ key: `${d}/b/c`, value: '2' }] }] },
  });
  check('rmdir of a full directory', answer(await ask('rmdir', d)), { errorCode: 108, message: 'Directory not empty', cause: d });
  check('rmdir recursive', answer(await ask('rmdir', d, { recursive: true })), { action: 'delete', node: { key: d, dir: true }, prevNode: { key: d, dir: true } });
  const [, first] = await ask('create', `${ROOT}/queue`, 'job 1');
  const [, second] = await ask('create', `${ROOT}/queue`, 'job 2');
  check('create in order', [first.action, /\/node\/queue\/\d{20}$/.test(first.node.key), first.node.key < second.node.key], ['create', true, true]);
}

async function timeToLive() {
  const t = `${ROOT}/t`;
  check('set with ttl', answer(await ask('set', t, '1', { ttl: 1 })), { action: 'set', node: { key: t, value: '1', expires: true } });
  const expired = new Promise((resolve) => store.watch(t, (error, body) => resolve([error, body])));
  check('expiry', answer(await expired), { action: 'expire', node: { key: t }, prevNode: { key: t, value: '1', expires: true } });
  check('get after the expiry', answer(await ask('get', t)), missing(t));
}

async function watches() {
  const w = `${ROOT}/w`;
  const next = ask('watch', `${w}/k`);
  await pause(300);
  const [, set] = await ask('set', `${w}/k`, '1');
  check('watch', answer(await next), { action: 'set', node: { key: `${w}/k`, value: '1' } });
  check('watchIndex', answer(await ask('watchIndex', `${w}/k`, set.node.modifiedIndex)), { action: 'set', node: { key: `${w}/k`, value: '1' } });
  const seen = [];
  const watcher = store.watcher(w, set.node.modifiedIndex + 1, { recursive: true });
  watcher.on('change', (body) => seen.push(`${body.action} ${body.node.key}`));
  await ask('set', `${w}/a`, '1');
  await ask('set', `${w}/deep/b`, '2');
  await ask('del', `${w}/a`);
  for (let i = 0; i < 50 && seen.length < 3; i++) await pause(100);
  watcher.stop();
  check('watcher', seen, [`set ${w}/a`, `set ${w}/deep/b`, `delete ${w}/a`]);
}

async function others() {
  const version = Object.keys((await ask('version'))[1]); // etcd 3.6 says more than 3.4
  check('version', ['etcdcluster', 'etcdserver'].filter((name) => version.includes(name)), ['etcdcluster', 'etcdserver']);
  check('selfStats', typeof (await ask('selfStats'))[1].name, 'string');
  const [, members] = await ask('raw', 'GET', 'v2/members', null, {});
  check('members', [members.members.length, members.members[0].clientURLs.length], [1, 1]);
}

(async () => {
  for (const part of [keys, conditions, directories, timeToLive, watches, others]) await part();
  await ask('rmdir', ROOT, { recursive: true });
  process.exit(0);
})();
