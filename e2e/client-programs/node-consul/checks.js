// What the parts of the program share: comparing, telling an answer in few words, and time.
'use strict';
const { EventEmitter } = require('node:events');
const { isDeepStrictEqual } = require('node:util');

// all keys are below it
const ROOT = 'node-consul';
const NO_SESSION = '11111111-2222-3333-4444-555555555555';

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function check(name, actual, expected) {
  const [found, wanted] = [actual, expected].map((value) => JSON.parse(JSON.stringify(value ?? null)));
  if (isDeepStrictEqual(found, wanted)) {
    console.log(`ok node-consul ${name}`);
  } else {
    console.log(`not ok node-consul ${name}\n    expected ${JSON.stringify(wanted)}\n    found    ${JSON.stringify(found)}`);
  }
}

// the option that makes the client answer [response, answer]
const withResponse = () => ({ ctx: Object.assign(new EventEmitter(), { includeResponse: true }) });

// status and text of a refusal; what came instead when there was none
async function refusal(promise) {
  try {
    return { refused: false, answer: await promise };
  } catch (error) {
    return `${error.statusCode} ${error.response?.body ?? ''}`.trim();
  }
}

// what a write answers; the client by itself makes nothing of a plain false
async function said(write) {
  return (await write(withResponse()))[1];
}

// a read as [index, answer]
async function indexed(read) {
  const [response, answer] = await read(withResponse());
  return [Number(response.headers['x-consul-index']), answer];
}

// key=value of an entry, with what is not usual about it: flags, lock index, session
function tell(entry) {
  if (!entry) return 'nothing';
  const { Key, Value, Flags, LockIndex, Session, CreateIndex, ModifyIndex } = entry;
  const indexes = ModifyIndex >= CreateIndex && CreateIndex > 0 ? '' : ` indexes ${CreateIndex}, ${ModifyIndex}`;
  const more = (Flags ? ` flags ${Flags}` : '') + (LockIndex ? ` lock ${LockIndex}` : '') + (Session ? ` session ${Session}` : '');
  return `${Key.slice(ROOT.length)}=${Value}${more}${indexes}`;
}

// asks until it is so, at most ten seconds; the milliseconds since a moment at which it was
async function until(since, condition) {
  while (Date.now() - since < 10_000 && !(await condition())) await pause(25);
  return Date.now() - since;
}

// seconds, with a second's leave for a busy machine; true, or what it was
const between = (least, milliseconds, most) => (milliseconds >= least * 1000 && milliseconds <= (most + 1) * 1000 ? true : `${milliseconds} ms`);

module.exports = { ROOT, NO_SESSION, pause, check, refusal, said, indexed, tell, until, between };
