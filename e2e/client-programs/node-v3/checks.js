// What the parts share: comparing, refusals, and waiting.
'use strict';
const { isDeepStrictEqual } = require('node:util');

function check(name, actual, expected) {
  const wanted = JSON.stringify(expected);
  const found = JSON.stringify(actual);
  if (isDeepStrictEqual(found, wanted)) {
    console.log(`ok etcd3 ${name}`);
  } else {
    console.log(`not ok etcd3 ${name}\n    expected ${wanted}\n    found    ${found}`);
  }
}

// where kubekv is known to answer otherwise
function differ(kubekv, name, actual, expected, ofKubekv, reason) {
  if (kubekv && isDeepStrictEqual(JSON.stringify(actual), JSON.stringify(ofKubekv))) {
    console.log(`differs etcd3 ${name}: ${reason}`);
  } else {
    check(name, actual, kubekv ? ofKubekv : expected);
  }
}

// kind and text of a refusal, or what came instead
async function refusal(call) {
  try {
    return `not refused: ${JSON.stringify(await call)}`;
  } catch (error) {
    return `${error.constructor.name} ${error.message}`;
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// asks until it is so, at most ten seconds
async function until(condition) {
  for (let i = 0; i < 100 && !(await condition()); i++) await pause(100);
}

module.exports = { check, differ, refusal, pause, until };
