// What the parts share: comparing, calls as promises, and clients.
'use strict';
const zookeeper = require('node-zookeeper-client');

function check(name, actual, expected) {
  const wanted = JSON.stringify(expected);
  const found = JSON.stringify(actual);
  if (found === wanted) {
    console.log(`ok node-zookeeper ${name}`);
  } else {
    console.log(`not ok node-zookeeper ${name}\n    expected ${wanted}\n    found    ${found}`);
  }
}

// the results of a call, one alone without a list
function call(client, verb, ...words) {
  return new Promise((resolve, reject) => {
    client[verb](...words, (error, ...results) => (error ? reject(error) : resolve(results.length > 1 ? results : results[0])));
  });
}

// the name of a refusal, or what came instead
async function refusal(promise) {
  try {
    return `not refused: ${JSON.stringify(await promise)}`;
  } catch (error) {
    return error.name;
  }
}

function connected(address) {
  const client = zookeeper.createClient(address, { sessionTimeout: 6000 });
  return new Promise((resolve, reject) => {
    client.once('connected', () => resolve(client));
    setTimeout(() => reject(new Error('no session within 20 s')), 20000).unref();
    client.connect();
  });
}

// what watchers were told, and the next of it
function told() {
  const events = [];
  const waiting = [];
  const text = (event) => `${event.getName()} ${event.getPath()}`;
  return {
    watcher: (event) => (waiting.length ? waiting.shift()(text(event)) : events.push(text(event))),
    next: () =>
      new Promise((resolve) => {
        if (events.length) resolve(events.shift());
        else {
          waiting.push(resolve);
          setTimeout(() => resolve('nothing'), 20000).unref();
        }
      }),
  };
}

module.exports = { zookeeper, check, call, refusal, connected, told };
