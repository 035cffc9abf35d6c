'use strict';
const { check, call, connected, told } = require('./checks');

module.exports = async ({ client, root, address }) => {
  const at = `${root}/watches`;
  await call(client, 'create', at);
  const other = await connected(address);
  const { watcher, next } = told();
  await call(client, 'exists', `${at}/a`, watcher);
  await call(other, 'create', `${at}/a`, Buffer.from('1'));
  check('told of a creation', await next(), `NODE_CREATED ${at}/a`);
  await call(client, 'getData', `${at}/a`, watcher);
  await call(other, 'setData', `${at}/a`, Buffer.from('2'));
  await call(other, 'setData', `${at}/a`, Buffer.from('3'));
  check('told of data', await next(), `NODE_DATA_CHANGED ${at}/a`);
  await call(client, 'getChildren', at, watcher);
  await call(other, 'create', `${at}/b`);
  check('told of a child, and once of two changes', await next(), `NODE_CHILDREN_CHANGED ${at}`);
  await call(client, 'getData', `${at}/a`, watcher);
  await call(other, 'remove', `${at}/a`);
  check('told of a deletion', await next(), `NODE_DELETED ${at}/a`);
  other.close();
};
