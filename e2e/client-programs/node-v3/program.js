// Uses a store through npm's etcd3 and says of each call whether it answered as etcd does: "ok NAME", "differs NAME: REASON" where kubekv is known to answer
// otherwise, or "not ok NAME" with the difference. usage: node program.js URL STORE; etcd3 is found through NODE_PATH
'use strict';
const { Etcd3 } = require('etcd3');

const [url, name] = process.argv.slice(2);
const client = new Etcd3({ hosts: url });
const store = client.namespace('node3/');

const parts = [require('./keys'), require('./leases'), require('./watches'), require('./recipes'), require('./server')];

(async () => {
  for (const part of parts) await part({ client, store, kubekv: name === 'kubekv', url });
  await store.delete().all();
  client.close();
  process.exit(0);
})().catch((error) => {
  console.log(error);
  process.exit(1);
});
