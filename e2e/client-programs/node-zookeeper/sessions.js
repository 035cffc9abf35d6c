'use strict';
const { zookeeper, check, call, connected, told } = require('./checks');

module.exports = async ({ client, root, address }) => {
  const at = `${root}/sessions`;
  await call(client, 'create', at);
  const other = await connected(address);
  check('the timeout', other.getSessionTimeout(), 6000);
  await call(other, 'create', `${at}/e`, null, zookeeper.CreateMode.EPHEMERAL);
  const { watcher, next } = told();
  await call(client, 'exists', `${at}/e`, watcher);
  other.close();
  check('told of a session’s end', await next(), `NODE_DELETED ${at}/e`);
  const [names] = await call(client, 'getChildren', at);
  check('nothing of it is left', names, []);
};
