'use strict';
const { zookeeper, check, call, refusal } = require('./checks');
const { CreateMode, ACL, Id, Permission } = zookeeper;

module.exports = async ({ client, root }) => {
  const at = `${root}/nodes`;
  await values(client, at);
  await children(client, at);
  await transactions(client, at);
  await lists(client, at);
};

async function values(client, at) {
  check('create', await call(client, 'create', at, Buffer.from('one')), at);
  check('create again', await refusal(call(client, 'create', at)), 'NODE_EXISTS');
  check('create below none', await refusal(call(client, 'create', `${at}/none/x`)), 'NO_NODE');
  const [data, stat] = await call(client, 'getData', at);
  check('get', [data.toString(), stat.version, stat.dataLength], ['one', 0, 3]);
  check('get of none', await refusal(call(client, 'getData', `${at}/none`)), 'NO_NODE');
  check('set', (await call(client, 'setData', at, Buffer.from('two'), 0)).version, 1);
  check('set of an old version', await refusal(call(client, 'setData', at, Buffer.from('x'), 0)), 'BAD_VERSION');
  check('exists of none', await call(client, 'exists', `${at}/none`), null);
  check('exists', (await call(client, 'exists', at)).version, 1);
  check('mkdirp', await call(client, 'mkdirp', `${at}/deep/down`), `${at}/deep/down`);
}

async function children(client, at) {
  const made = [];
  for (let i = 0; i < 3; i++) made.push(await call(client, 'create', `${at}/deep/n-`, null, CreateMode.PERSISTENT_SEQUENTIAL));
  check('a sequence', made, [1, 2, 3].map((i) => `${at}/deep/n-000000000${i}`));
  const [names, stat] = await call(client, 'getChildren', `${at}/deep`);
  check('children', [names.sort(), stat.cversion], [['down', 'n-0000000001', 'n-0000000002', 'n-0000000003'], 4]);
  check('remove with children', await refusal(call(client, 'remove', `${at}/deep`)), 'NOT_EMPTY');
  check('remove of an old version', await refusal(call(client, 'remove', made[0], 5)), 'BAD_VERSION');
  await call(client, 'remove', made[0], 0);
  check('remove of none', await refusal(call(client, 'remove', made[0])), 'NO_NODE');
  const mortal = await call(client, 'create', `${at}/e`, null, CreateMode.EPHEMERAL);
  check('below an ephemeral', await refusal(call(client, 'create', `${mortal}/x`)), 'NO_CHILDREN_FOR_EPHEMERALS');
  const owner = (await call(client, 'exists', mortal)).ephemeralOwner;
  check('its owner', owner.toString('hex'), client.getSessionId().toString('hex'));
}

async function transactions(client, at) {
  const done = client.transaction();
  done.create(`${at}/t`, Buffer.from('1')).check(`${at}/t`, 0).setData(`${at}/t`, Buffer.from('2'), 0).remove(`${at}/e`);
  const results = await call(done, 'commit');
  check('a transaction', [results.length, results[0].path, results[2].stat.version], [4, `${at}/t`, 1]);
  const failed = client.transaction().create(`${at}/u`).check(`${at}/t`, 7);
  check('one that fails', await refusal(call(failed, 'commit')), 'BAD_VERSION');
  check('nothing of it is there', await call(client, 'exists', `${at}/u`), null);
}

async function lists(client, at) {
  const [open] = await call(client, 'getACL', at);
  check('open', [open.length, open[0].permission, open[0].id.scheme, open[0].id.id], [1, 31, 'world', 'anyone']);
  const nobody = [new ACL(Permission.READ, new Id('none', 'x'))];
  check('a list of nobody', await refusal(call(client, 'setACL', at, nobody, -1)), 'INVALID_ACL');
  const readable = [new ACL(Permission.READ | Permission.ADMIN, new Id('world', 'anyone'))];
  check('set of a list', (await call(client, 'setACL', `${at}/t`, readable, 0)).aversion, 1);
  check('it binds', await refusal(call(client, 'setData', `${at}/t`, Buffer.from('x'))), 'NO_AUTH');
}
