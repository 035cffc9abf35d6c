// Members, maintenance, users.
'use strict';
const { check, differ, refusal } = require('./checks');

const RBAC = "GRPCFailedPreconditionError 9 FAILED_PRECONDITION: kubekv: users and what they may do are Kubernetes' RBAC (kubekv's docs/access.md)";

module.exports = async ({ client, kubekv, url }) => {
  const { members } = await client.cluster.memberList({});
  check('memberList', [members.length, members[0].clientURLs], [1, [url]]);
  const status = await client.maintenance.status();
  check('status', [status.version, status.leader, Number(status.dbSize) > 0], ['3.6.16', status.header.member_id, true]);
  check('alarm', (await client.maintenance.alarm({ action: 'Get' })).alarms, []);
  check('defragment', (await refusal(client.maintenance.defragment())).startsWith('not refused'), true);
  check('hash', (await client.maintenance.hash()).hash, (await client.maintenance.hash()).hash);
  const said = (answer) => (answer.startsWith('not refused') ? 'done' : answer);
  const rbac = async (name, call) => differ(kubekv, name, said(await refusal(call)), 'done', RBAC, "users and grants are Kubernetes' RBAC");
  await rbac('a role', client.role('node3').create());
  await rbac('a grant', client.role('node3').grant({ permission: 'Readwrite', key: Buffer.from('a') }));
  await rbac('a user', client.user('node3').create('secret'));
  await rbac("a user's role", client.user('node3').addRole('node3'));
  await rbac("a user's end", client.user('node3').delete());
  await rbac("a role's end", client.role('node3').delete());
};
