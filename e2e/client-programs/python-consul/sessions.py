"""Sessions: made, shown, renewed, destroyed, refused."""
import uuid

import consul
from checks import NO_SESSION, check, refusal


def run(store):
    node = store.agent.self()['Config']['NodeName']
    made(store.session, node)
    known(store.session, node)
    unknown(store.session)
    refused(store.session)


def plain(session):
    """Without what differs from store to store; indexes must be plausible."""
    if session is None:
        return None
    rest = {name: value for name, value in session.items() if name not in ('ID', 'CreateIndex', 'ModifyIndex')}
    return {**rest, 'indexes': session['ModifyIndex'] >= session['CreateIndex'] > 0}


def usual(node):
    return {'Name': '', 'Node': node, 'Checks': ['serfHealth'], 'LockDelay': 15e9, 'Behavior': 'release', 'TTL': '', 'indexes': True}


def made(session, node):
    default = session.create()
    check('session id', str(uuid.UUID(default)), default)
    check('session of usual settings', plain(session.info(default)[1]), usual(node))
    own = session.create(name='mine', ttl=90, behavior='delete', lock_delay=2)
    check('session of own settings', plain(session.info(own)[1]), {**usual(node), 'Name': 'mine', 'TTL': '90s', 'Behavior': 'delete', 'LockDelay': 2e9})
    bare = session.create(node=node, checks=[])
    check('session without checks', plain(session.info(bare)[1]), {**usual(node), 'Checks': None})
    for one in default, own, bare:
        session.destroy(one)


def known(session, node):
    one = session.create(name='known', ttl=60)

    def has(sessions):
        return [found['Name'] for found in sessions[1] if found['ID'] == one]

    check('list of sessions', has(session.list()), ['known'])
    check('sessions of the node', has(session.node(node)), ['known'])
    check('sessions of another node', session.node('elsewhere')[1], [])
    renewed = session.renew(one)
    check('renew', [renewed['ID'], renewed['TTL'], renewed['Name']], [one, '60s', 'known'])
    check('renew changes no index', renewed['ModifyIndex'], renewed['CreateIndex'])
    check('destroy', session.destroy(one), True)
    check('info after destroy', plain(session.info(one)[1]), None)
    check('list after destroy', has(session.list()), [])
    check('renew after destroy', not_found(session, one), f"Session id '{one}' not found")


def not_found(session, one):
    try:
        return {'answer': session.renew(one)}
    except consul.NotFound as e:
        return str(e)


def unknown(session):
    check('info of an unknown session', plain(session.info(NO_SESSION)[1]), None)
    check('destroy of an unknown session', session.destroy(NO_SESSION), True)
    check('renew of an unknown session', not_found(session, NO_SESSION), f"Session id '{NO_SESSION}' not found")
    for call in session.info, session.destroy, session.renew:
        check(f'{call.__name__} of what is no session id', refusal(call, 'abc'), '500 failed session lookup: index error: UUID must be 36 characters')


def refused(session):
    check('too short a ttl', refusal(session.create, ttl=0.5), "500 Invalid Session TTL '500000000', must be between [1s=24h0m0s]")
    check('too long a ttl', refusal(session.create, ttl=86401), "500 Invalid Session TTL '86401000000000', must be between [1s=24h0m0s]")
    check('ttl that is no time', refusal(session.create, ttl='abc')[:33], "500 Session TTL 'abcs' invalid: t")
    check('unknown behavior', refusal(session.create, behavior='foo'), "500 Invalid Behavior setting 'foo'")
    check('unknown node', refusal(session.create, node='elsewhere'), '500 Missing node registration')
    check('unknown check', refusal(session.create, checks=['nope']), "500 Missing check 'nope' registration")
