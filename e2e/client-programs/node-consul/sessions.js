// Sessions: made, shown, renewed, destroyed, refused.
'use strict';
const { NO_SESSION, check, refusal } = require('./checks');

module.exports = async (store) => {
  const node = (await store.agent.self()).Config.NodeName;
  await made(store.session, node);
  await known(store.session, node);
  await unknown(store.session);
  await refused(store.session);
};

// without what differs from store to store; indexes must be plausible
function plain(session) {
  if (!session) return 'nothing';
  const { ID, CreateIndex, ModifyIndex, ...rest } = session;
  return { ...rest, indexes: CreateIndex > 0 && ModifyIndex >= CreateIndex };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const usual = (node) => ({ Name: '', Node: node, Checks: ['serfHealth'], LockDelay: 15e9, Behavior: 'release', TTL: '', indexes: true });

async function made(session, node) {
  const { ID: id } = await session.create({});
  check('session id', UUID.test(id), true);
  check('session of usual settings', plain(await session.info(id)), usual(node));
  await session.destroy(id);
  const settings = { name: 'mine', ttl: '90s', behavior: 'delete', lockdelay: '2500ms' };
  const own = await session.create(settings);
  check('session of own settings', plain(await session.info(own.ID)), { ...usual(node), Name: 'mine', TTL: '90s', Behavior: 'delete', LockDelay: 2.5e9 });
  await session.destroy(own.ID);
  const bare = await session.create({ checks: [], node });
  check('session without checks', plain(await session.info(bare.ID)), { ...usual(node), Checks: null });
  await session.destroy(bare.ID);
}

async function known(session, node) {
  const { ID: id } = await session.create({ name: 'known', ttl: '60s' });
  const has = (sessions) => sessions.filter(({ ID }) => ID === id).map(({ Name }) => Name);
  check('list of sessions', has(await session.list()), ['known']);
  check('sessions of the node', has(await session.node(node)), ['known']);
  check('sessions of another node', await session.node('elsewhere'), []);
  const renewed = await session.renew(id);
  check('renew', renewed.map((one) => [one.ID === id, one.TTL, one.Name]), [[true, '60s', 'known']]);
  check('renew changes no index', renewed[0].ModifyIndex, renewed[0].CreateIndex);
  check('destroy', await refusal(session.destroy(id)), { refused: false });
  check('info after destroy', plain(await session.info(id)), 'nothing');
  check('list after destroy', has(await session.list()), []);
  check('renew after destroy', await refusal(session.renew(id)), `404 Session id '${id}' not found`);
}

async function unknown(session) {
  check('info of an unknown session', plain(await session.info(NO_SESSION)), 'nothing');
  check('destroy of an unknown session', await refusal(session.destroy(NO_SESSION)), { refused: false });
  check('renew of an unknown session', await refusal(session.renew(NO_SESSION)), `404 Session id '${NO_SESSION}' not found`);
  for (const call of ['info', 'destroy', 'renew']) {
    check(`${call} of what is no session id`, await refusal(session[call]('abc')), '500 failed session lookup: index error: UUID must be 36 characters');
  }
}

async function refused(session) {
  check('too short a ttl', await refusal(session.create({ ttl: '999ms' })), "500 Invalid Session TTL '999000000', must be between [1s=24h0m0s]");
  check('too long a ttl', await refusal(session.create({ ttl: '86401s' })), "500 Invalid Session TTL '86401000000000', must be between [1s=24h0m0s]");
  check('ttl that is no time', (await refusal(session.create({ ttl: 'abc' }))).slice(0, 33), "500 Session TTL 'abc' invalid: ti");
  check('unknown behavior', await refusal(session.create({ behavior: 'foo' })), "500 Invalid Behavior setting 'foo'");
  check('unknown node', await refusal(session.create({ node: 'elsewhere' })), '500 Missing node registration');
  check('unknown check', await refusal(session.create({ checks: ['nope'] })), "500 Missing check 'nope' registration");
}
