// What a general client asks besides keys and sessions.
'use strict';
const { check, indexed } = require('./checks');

module.exports = async (store) => {
  const leader = await store.status.leader();
  check('leader', /^.+:\d+$/.test(leader), true);
  check('peers', (await store.status.peers()).includes(leader), true);
  const self = await store.agent.self();
  const { Datacenter, NodeName, Server, Version } = self.Config;
  check('agent self', [Datacenter, NodeName !== '', Server, /^\d+\.\d+/.test(Version)], ['dc1', true, true, true]);
  check('member of agent self', [self.Member.Name, self.Member.Status], [NodeName, 1]);
  check('agent members', (await store.agent.members()).map(({ Name }) => Name), [NodeName]);
  check('datacenters', await store.catalog.datacenters(), ['dc1']);
  const [index, nodes] = await indexed((o) => store.catalog.node.list(o));
  check('catalog nodes', [nodes.map(({ Node }) => Node), index > 0], [[NodeName], true]);
  check('catalog services', await store.catalog.service.list(), { consul: [] });
  check('catalog of an unknown service', await store.catalog.service.nodes('nope'), []);
  check('health of an unknown service', await store.health.service('nope'), []);
};
