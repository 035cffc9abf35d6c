"""What a general client asks besides keys and sessions."""
import re

from checks import check


def run(store):
    leader = store.status.leader()
    check('leader', bool(re.fullmatch(r'.+:\d+', leader)), True)
    check('peers', leader in store.status.peers(), True)
    self = store.agent.self()
    config = self['Config']
    node = config['NodeName']
    known = [config['Datacenter'], node != '', config['Server'], bool(re.match(r'\d+\.\d+', config['Version']))]
    check('agent self', known, ['dc1', True, True, True])
    check('member of agent self', [self['Member']['Name'], self['Member']['Status']], [node, 1])
    check('agent members', [member['Name'] for member in store.agent.members()], [node])
    check('datacenters', store.catalog.datacenters(), ['dc1'])
    index, nodes = store.catalog.nodes()
    check('catalog nodes', [[found['Node'] for found in nodes], int(index) > 0], [[node], True])
    check('catalog services', store.catalog.services()[1], {'consul': []})
    check('catalog of an unknown service', store.catalog.service('nope')[1], [])
    check('health of an unknown service', store.health.service('nope')[1], [])
