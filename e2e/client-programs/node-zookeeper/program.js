// Uses a store through npm's node-zookeeper-client and says of each call whether it answered as ZooKeeper does: "ok NAME", or "not ok NAME"
// with the difference. usage: node program.js URL STORE; the client is found through NODE_PATH
'use strict';
const { connected, call } = require('./checks');

const address = new URL(process.argv[2]).host;
const ROOT = '/node';
const parts = [require('./nodes'), require('./watches'), require('./sessions')];

// the client's own removeRecursive takes a node before what is below it
async function removed(client, path) {
  const [names] = await call(client, 'getChildren', path);
  for (const name of names) await removed(client, `${path}/${name}`);
  await call(client, 'remove', path);
}

(async () => {
  const client = await connected(address);
  await call(client, 'create', ROOT);
  for (const part of parts) await part({ client, root: ROOT, address });
  await removed(client, ROOT);
  client.close();
  process.exit(0);
})().catch((error) => {
  console.log(error);
  process.exit(1);
});
