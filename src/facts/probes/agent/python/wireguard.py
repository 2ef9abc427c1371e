# WireGuard: a temporary device per probe, told keys and peers as the tool wg does (linux/wireguard.h). It gets no
# address and no route: packets are written to the device itself, between addresses that every IP stack throws away.
def open_guard(id, private, peers):
    p, device, tunnel = S.probe[int(id)], 'drvw%dp%s' % (os.getpid(), id), {}
    S.tunnel[int(id)] = tunnel
    status, problem = shell('ip link add %s type wireguard' % device)
    if status:
        return answer('tunnel', id, '-', tidy(problem))
    tunnel['device'] = device
    try:
        set_guard(p, device, private, dict(pair.split(':') for pair in peers.split(',')))
        status, problem = shell('ip link set %s up' % device)
    except OSError as refusal:
        status, problem = 1, refusal
    if status:
        remove_device(tunnel.pop('device'))
        return answer('tunnel', id, '-', tidy(problem))
    tunnel['socket'] = tap(socket.SOCK_DGRAM, device)
    listen_to(tunnel['socket'], lambda packet, from_: note_guard(packet) if from_[2] != OUTGOING else None)
    answer('tunnel', id, device)


def set_guard(p, device, private, public):
    family, name = guard_family(), attribute(2, device.encode() + b'\0')
    port = attribute(6, struct.pack('=H', int(p['number'])))
    ask_kernel(family, 1, name + attribute(3, bytes.fromhex(private)) + port)
    peers = [guard_peer(p, int(peer), key) for peer, key in public.items() if int(peer) != S.me]
    for first in range(0, len(peers), 200):
        ask_kernel(family, 1, name + nest(8, *peers[first:first + 200]))


def guard_peer(p, peer, public):
    address = socket.inet_aton(S.net[p['net']]['peers'][peer])
    endpoint = struct.pack('=H', socket.AF_INET) + struct.pack('!H4s8x', int(p['number']), address)
    allowed = nest(0, attribute(1, struct.pack('=H', socket.AF_INET)),
                   attribute(2, socket.inet_aton(guarded(peer))), attribute(3, b'\x20'))
    return nest(0, attribute(1, bytes.fromhex(public)), attribute(4, endpoint), nest(9, allowed))


# 0.0.0.0/8 is no valid source: whatever came out of the tunnel ends at the tap.
def guarded(peer):
    return socket.inet_ntoa(struct.pack('!I', 1 + peer))


def attribute(kind, data):
    return struct.pack('=HH', 4 + len(data), kind) + data + b'\0' * (-len(data) % 4)


def nest(kind, *parts):
    return attribute(0x8000 | kind, b''.join(parts))


def guard_family():
    rest = ask_kernel(16, 3, attribute(2, b'wireguard\0'))
    while len(rest) >= 6:
        length, kind, family = struct.unpack_from('=HHH', rest)
        if kind == 1:
            return family
        if length < 4:
            break
        rest = rest[(length + 3) & ~3:]
    raise OSError('the kernel tells no number for WireGuard')


# One request of generic netlink; returns the attributes of the answer, raises the kernel's refusal.
def ask_kernel(family, command, attributes):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16) as made:
        body = struct.pack('=BBH', command, 1, 0) + attributes
        made.sendto(struct.pack('=IHHII', 16 + len(body), family, 5, 1, 0) + body, (0, 0))
        found = b''
        while True:
            message = made.recv(65536)
            kind, refused = struct.unpack_from('=4xH10xi', message)
            if kind != 2:
                found = message[20:]
            elif refused:
                raise OSError(-refused, 'WireGuard: ' + os.strerror(-refused))
            else:
                return found


def note_guard(packet):
    found = find_key(packet, 17, 20) if len(packet) >= 40 else None
    if found and found[3] == S.me:
        saw('t', *found[:3])


def send_guard(p, to, variant):
    tunnel = S.tunnel.get(p['id'], {})
    if not tunnel.get('device'):
        raise OSError(errno.ENODEV, 'no device')
    own, target = guarded(S.me), guarded(to)
    udp = udp_segment(own, target, (ephemeral(), 9), key(p['id'], variant, to), False)
    tunnel['socket'].sendto(ip_packet(17, own, target, udp), socket.MSG_DONTWAIT, (tunnel['device'], 0x0800))
