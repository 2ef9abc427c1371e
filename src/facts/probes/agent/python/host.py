def tidy(text):
    return ' '.join(str(text).split()) or 'failed'


def look(id):
    net, state = S.net[id], neighbours()
    for peer in sorted(net['peers']):
        if peer == S.me:
            continue
        via = re.search(r' via (\S+)', shell('ip -4 -o route get %s from %s' % (net['peers'][peer], net['address']))[1])
        gateway = via.group(1) if via else ''
        mac, health = state.get(gateway or net['peers'][peer], ('', 'NONE'))
        if mac:
            S.mac_of[(id, peer)] = bytes(int(part, 16) for part in mac.split(':'))
        answer('hop', id, peer, gateway or '-', mac or '-', health)
    answer('looked', id)


def neighbours():
    found = re.findall(r'^(\S+) dev \S+(?: lladdr (\S+))?.*?(\S+)\s*$', shell('ip -4 neigh show')[1], re.M)
    return {address: (mac, state) for address, mac, state in found}


def counters():
    try:
        with open('/proc/net/snmp') as file:
            names, values = [line.split() for line in file if line.startswith('Udp: ')]
        answer('counters', values[names.index('InCsumErrors')])
    except (OSError, ValueError):
        answer('counters', -1)
