def send(p, to, address, variant):
    own = S.net[p['net']]['address']
    if p['kind'] == 'udp':
        send_udp(p, address, int(p['number']), padded(key(p['id'], variant, to), (variant or SMALL) - 28), variant)
    elif p['kind'] == 'tcp':
        send_raw(p, 'tcp', address, syn_segment(own, address, int(p['number'])))
    elif p['kind'] == 'icmp':
        send_raw(p, 'icmp', address, echo(8, key(p['id'], variant, to)))
    elif p['kind'] == 'raw':
        send_protocol(p, to, address, variant)
    elif p['kind'] == 'vxlan':
        send_vxlan(p, to, address, variant)
    elif p['kind'] == 'wireguard':
        send_guard(p, to, variant)
    else:
        send_source(p, to, address, variant)


def send_udp(p, address, port, body, whole):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((S.net[p['net']]['address'], 0))
        if whole:
            made.setsockopt(0, 10, 3)
        made.sendto(body, socket.MSG_DONTWAIT, (address, port))


def send_raw(p, name, address, body):
    senders = S.net[p['net']]['senders']
    if name not in senders:
        made = socket.socket(socket.AF_INET, socket.SOCK_RAW, RAW[name])
        attach(made, NOTHING)
        made.bind((S.net[p['net']]['address'], 0))
        senders[name] = made
    senders[name].sendto(body, socket.MSG_DONTWAIT, (address, 0))


# Each carries what its protocol demands, in a form that no host answers: an echo reply that nobody asked for
# (IPIP), an experimental ether type (GRE), an unknown SPI (ESP).
def send_protocol(p, to, address, variant):
    mark, own = key(p['id'], variant, to), S.net[p['net']]['address']
    if p['number'] == '4':
        return send_raw(p, 'ipip', address, ip_packet(1, own, address, echo(0, mark)))
    if p['number'] == '47':
        return send_raw(p, 'gre', address, struct.pack('!HH', 0, 0x88b5) + padded(mark, 40))
    return send_raw(p, 'esp', address, struct.pack('!II', 0xd0000000 | S.magic >> 8, 1) + padded(mark, 40))


def send_vxlan(p, to, address, variant):
    tunnel = S.tunnel[p['id']]
    if not tunnel.get('device'):
        head = struct.pack('!B3xI', 8, tunnel['vni'] << 8)
        return send_udp(p, address, int(p['number']), head + inner_frame(p['id'], variant, to, False), variant)
    offload = struct.pack('=BBHHHH', 1, 0, 0, 0, 34, 6)
    tunnel['socket'].send(offload + inner_frame(p['id'], variant, to, True), socket.MSG_DONTWAIT)


# Written to the interface itself: the host's own firewall and address translation must not touch it.
def send_source(p, to, address, variant):
    net, mac = S.net[p['net']], S.mac_of.get((p['net'], to))
    if mac is None:
        raise OSError(errno.EHOSTUNREACH, 'no neighbour')
    if 'packet' not in net['senders']:
        net['senders']['packet'] = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    udp = udp_segment(p['number'], address, (ephemeral(), net['control']), key(p['id'], variant, to), False)
    where = (net['name'], 0x0800, 0, 0, mac)
    net['senders']['packet'].sendto(ip_packet(17, p['number'], address, udp), socket.MSG_DONTWAIT, where)


def attempt(p, to, variant):
    try:
        send(p, to, S.net[p['net']]['peers'][to], variant)
    except OSError as problem:
        slot = ('err', p['id'], variant, to)
        if slot not in S.known:
            S.known.add(slot)
            answer('err', p['id'], variant, to, errno.errorcode.get(problem.errno, 'E%s' % problem.errno))


def fire():
    count = 0
    for id, variant, times, peers in S.queue:
        p = S.probe.get(id)
        order = [to for to in peers if to > S.me] + [to for to in peers if to < S.me]
        for to in [to for to in order for _ in range(times)]:
            if p is None or to not in S.net[p['net']]['peers']:
                continue
            attempt(p, to, variant)
            count += 1
            if count % 16 == 0:
                drain()
                time.sleep(0.0005)
    S.queue = []
