// Put, get, delete, ranges, old revisions, transactions.
'use strict';
const { check, refusal } = require('./checks');

module.exports = async ({ store }) => {
  await single(store);
  await ranges(store);
  await transactions(store);
  await history(store);
};

async function single(store) {
  const first = await store.put('a').value('one');
  check('get', await store.get('a').string(), 'one');
  check('get of a missing key', await store.get('none'), null);
  check('exists', [await store.get('a').exists(), await store.get('none').exists()], [true, false]);
  const previous = await store.put('a').value('two').getPrevious();
  check('put with the previous value', [previous.value.toString(), previous.version], ['one', '1']);
  const read = await store.get('a').exec();
  check('an entry', [read.count, read.more, read.kvs[0].key.toString(), read.kvs[0].version, read.kvs[0].lease], ['1', false, 'node3/a', '2', '0']);
  // in kubekv the end of somebody's lease has a revision, too
  check('a later put has a later revision', Number(read.kvs[0].mod_revision) > Number(first.header.revision), true);
  check('created at the first', read.kvs[0].create_revision, first.header.revision);
  check('json', await store.put('json').value(JSON.stringify({ a: [1] })).then(() => store.get('json').json()), { a: [1] });
  check('number', await store.put('n').value(42).then(() => store.get('n').number()), 42);
  check('bytes', await store.put('bytes').value(Buffer.from([0, 255, 10])).then(async () => [...(await store.get('bytes').buffer())]), [0, 255, 10]);
  check('odd characters', await store.put('ü +&%41').value('ü€\n').then(() => store.get('ü +&%41').string()), 'ü€\n');
  check('touch keeps the value', await store.put('a').touch().then(async () => [await store.get('a').string(), (await store.get('a').exec()).kvs[0].version]), ['two', '3']);
  check('touch of a missing key', await refusal(store.put('none').touch()), 'GRPCInvalidArgumentError 3 INVALID_ARGUMENT: etcdserver: key not found');
  check('delete', (await store.delete().key('a')).deleted, '1');
  check('delete of a missing key', (await store.delete().key('a')).deleted, '0');
  check('delete with previous values', (await store.delete().key('n').getPrevious()).map((each) => each.value.toString()), ['42']);
  await store.delete().all();
}

async function ranges(store) {
  for (let i = 1; i <= 5; i++) await store.put(`r/${i}`).value(String(6 - i));
  await store.put('r/3').value('3b');
  check('prefix', await store.getAll().prefix('r/').strings(), { 'r/1': '5', 'r/2': '4', 'r/3': '3b', 'r/4': '2', 'r/5': '1' });
  check('keys', await store.getAll().prefix('r/').keys(), ['r/1', 'r/2', 'r/3', 'r/4', 'r/5']);
  check('count', await store.getAll().prefix('r/').count(), 5);
  check('limit', await store.getAll().prefix('r/').limit(2).keys(), ['r/1', 'r/2']);
  const page = await store.getAll().prefix('r/').limit(2).exec();
  check('a page tells of more', [page.more, page.count], [true, '5']);
  check('descending', await store.getAll().prefix('r/').sort('Key', 'Descend').keys(), ['r/5', 'r/4', 'r/3', 'r/2', 'r/1']);
  check('by value', await store.getAll().prefix('r/').sort('Value', 'Ascend').keys(), ['r/5', 'r/4', 'r/3', 'r/2', 'r/1']);
  check('by modification', await store.getAll().prefix('r/').sort('Mod', 'Descend').limit(2).keys(), ['r/3', 'r/5']);
  check('by version', await store.getAll().prefix('r/').sort('Version', 'Descend').limit(1).keys(), ['r/3']);
  check('by creation', await store.getAll().prefix('r/').sort('Create', 'Descend').limit(1).keys(), ['r/5']);
  check('a range', await store.getAll().inRange({ start: 'r/2', end: 'r/4' }).keys(), ['r/2', 'r/3']);
  check('serializable', await store.getAll().prefix('r/').serializable(true).count(), 5);
  const modified = (await store.get('r/3').exec()).kvs[0].mod_revision;
  check('modified since', await store.getAll().prefix('r/').minModRevision(modified).keys(), ['r/3']);
  check('modified before', await store.getAll().prefix('r/').maxModRevision(Number(modified) - 1).keys(), ['r/1', 'r/2', 'r/4', 'r/5']);
  check('delete of a range', (await store.delete().inRange({ start: 'r/1', end: 'r/3' })).deleted, '2');
  check('delete by prefix', (await store.delete().prefix('r/').getPrevious()).map((each) => each.value.toString()), ['3b', '2', '1']);
}

async function transactions(store) {
  await store.put('t').value('1');
  const won = await store.if('t', 'Value', '==', '1').then(store.put('t').value('2'), store.get('t')).else(store.get('t')).commit();
  check('txn that succeeds', [won.succeeded, won.responses.map((each) => each.response), won.responses[1].response_range.kvs[0].value.toString()], [true, ['response_put', 'response_range'], '2']);
  const lost = await store.if('t', 'Value', '==', '1').then(store.put('t').value('3')).else(store.get('t')).commit();
  check('txn that fails', [lost.succeeded, lost.responses[0].response_range.kvs[0].value.toString()], [false, '2']);
  check('txn on a missing key', (await store.if('u', 'Create', '==', 0).and('u', 'Version', '==', 0).then(store.put('u').value('x')).commit()).succeeded, true);
  const { mod_revision: modified } = (await store.get('u').exec()).kvs[0];
  check('txn on a revision', (await store.if('u', 'Mod', '==', modified).and('u', 'Version', '<', 2).then(store.delete().key('u')).commit()).responses[0].response_delete_range.deleted, '1');
  check('txn on a revision that has passed', (await store.if('t', 'Mod', '>', 1_000_000).then(store.delete().key('t')).commit()).succeeded, false);
  check('the same key twice', await refusal(store.if('t', 'Version', '>', 0).then(store.put('t').value('1'), store.put('t').value('2')).commit()), 'GRPCInvalidArgumentError 3 INVALID_ARGUMENT: etcdserver: duplicate key given in txn request');
  const counted = await Promise.all([1, 2, 3].map(() => store.stm({ retries: 20 }).transact(async (tx) => tx.put('stm').value(1 + Number((await tx.get('stm')) ?? 0)))));
  check('three transactions of memory', [counted.length, await store.get('stm').number()], [3, 3]);
  await store.delete().all();
}

async function history(store) {
  const { header } = await store.put('h').value('old');
  await store.put('h').value('new');
  check('get at a revision', await store.get('h').revision(header.revision).string(), 'old');
  check('get at a future revision', await refusal(store.get('h').revision(Number(header.revision) + 1000).string()), 'GRPCOutOfRangeError 11 OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision');
  await store.kv.compact({ revision: Number(header.revision) + 1 });
  check('get at a compacted revision', await refusal(store.get('h').revision(header.revision).string()), 'GRPCOutOfRangeError 11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted');
}
