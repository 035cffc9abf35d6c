// Uses a store through npm's consul and says of each call whether it answered as Consul does: "ok NAME" or "not ok NAME" with the difference.
// usage: node program.js URL; consul is found through NODE_PATH
'use strict';
const Consul = require('consul');
const { ROOT } = require('./checks');

const parts = ['keys', 'waits', 'sessions', 'locks', 'ends', 'transactions', 'others'].map((name) => require(`./${name}`));

(async () => {
  const store = new Consul({ baseUrl: new URL(`${process.argv[2]}/v1`) });
  for (const part of parts) await part(store);
  await store.kv.del({ key: `${ROOT}/`, recurse: true });
  process.exit(0);
})();
