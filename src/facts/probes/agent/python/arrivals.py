def saw(where, id, variant, peer):
    slot = (where, id, variant, peer)
    if slot in S.known:
        return
    S.known.add(slot)
    S.fresh.setdefault('%s %d %d' % (where, id, variant), []).append(peer)
    S.pending += 1


def flush_seen():
    for slot in sorted(S.fresh):
        answer('saw', slot, ','.join(str(peer) for peer in sorted(S.fresh[slot])))
    S.fresh, S.pending = {}, 0


# `where`: o = leaving the interface, i = arriving at it, d = delivered behind the host's firewall.
def note(packet, where, made):
    if len(packet) < 28:
        return
    x, protocol = 4 * (packet[0] & 15), packet[9]
    from_, to = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
    if protocol == 6:
        return note_tcp(packet, x, where, from_, to)
    kind = packet[x] if protocol == 1 else -1
    if kind == 3:
        return note_error(packet, x, from_) if where == 'd' else None
    found = find_key(packet, protocol, x)
    if found is None:
        return
    id, variant, sender, receiver = found
    echo = (id, receiver, struct.unpack_from('!H', packet, x + 6)[0])
    if kind == 0:
        return note_reply(where, found, (echo, made))
    probe = S.probe.get(id)
    if probe is None or probe['kind'] == 'source' and probe['number'] != from_:
        return
    if where == 'o':
        if sender != S.me:
            return
        if kind == 8:
            S.sent[echo] = stamp(made)
        saw('o', id, variant, receiver)
    elif receiver == S.me:
        saw(where, id, variant, sender)
        if where == 'd' and protocol == 17 and probe['kind'] == 'udp':
            note_damage(packet, (id, variant, sender))


# x = wrong checksum; p = only begun, which is damage on a wire and normal between virtual interfaces.
def note_damage(packet, slot):
    x = 4 * (packet[0] & 15)
    length, total = struct.unpack_from('!4xHH', packet, x)
    if length != len(packet) - x or total == 0:
        return
    false_head = packet[12:20] + struct.pack('!HH', 17, length)
    if checksum(false_head + packet[x:]) != 0:
        saw('p' if total == ~checksum(false_head) & 0xffff else 'x', *slot)


def find_key(packet, protocol, x):
    for offset in KEY_AT.get(protocol, ()):
        if len(packet) >= x + offset + 12:
            mark, *found = struct.unpack_from('!IHHHH', packet, x + offset)
            if mark == S.magic:
                return found
    return None


def note_reply(where, found, answered):
    id, variant, sender, receiver = found
    echo, made = answered
    if sender != S.me or where == 'o':
        return
    if where == 'd':
        return saw('a', id, variant, receiver)
    start, end = S.sent.pop(echo, None), stamp(made)
    if not start or not end or end < start:
        return
    # The clock counts microseconds: what took less than one took no more than that.
    took = max(1, end - start)
    if S.best.get((id, receiver), end) > took:
        S.best[(id, receiver)] = took
        answer('rtt', id, receiver, took)


def note_tcp(packet, x, where, from_, to):
    if len(packet) < x + 14:
        return
    sport, dport, seq, ack, flags = struct.unpack_from('!HHIIxB', packet, x)
    other = S.peer_at.get(to if where == 'o' else from_)
    if other is None:
        return
    if flags & 0x12 == 2 and seq == S.magic:
        id = S.numbered.get(('tcp', other[0], str(dport)))
        if id is not None:
            saw(where, id, 0, other[1])
    elif ack == (S.magic + 1) & 0xffffffff:
        id = S.numbered.get(('tcp', other[0], str(sport)))
        if id is not None and where == 'o':
            saw('b', id, 0, other[1])
        if id is not None and where == 'd':
            saw('r' if flags & 4 else 'a', id, 0, other[1])


# An ICMP "unreachable" quotes the packet that somebody refused.
def note_error(packet, x, by):
    code, quoted = packet[x + 1], packet[x + 8:]
    if code == 4 or len(quoted) < 28:
        return
    y, protocol = 4 * (quoted[0] & 15), quoted[9]
    other = S.peer_at.get(socket.inet_ntoa(quoted[16:20]))
    if other is None:
        return
    found = None if protocol == 6 else find_key(quoted, protocol, y)
    id = found[0] if found else S.numbered.get(quoted_kind(quoted, protocol, y, other[0]))
    if id in S.probe and ('rej', id, other[1]) not in S.known:
        S.known.add(('rej', id, other[1]))
        answer('rej', id, other[1], by, code)


def quoted_kind(quoted, protocol, y, net):
    if len(quoted) < y + 8:
        return None
    port, seq = struct.unpack_from('!2xHI', quoted, y)
    if protocol == 17:
        return ('udp', net, str(port))
    if protocol == 6:
        return ('tcp', net, str(port)) if seq == S.magic else None
    return ('icmp', net, '0') if protocol == 1 else ('raw', net, str(protocol))


def note_tunnel(frame):
    if len(frame) < 64 or frame[24] != 0x45:
        return
    mark, id, variant, sender, receiver = struct.unpack_from('!IHHHH', frame, 52)
    if mark == S.magic and receiver == S.me:
        saw('t' if frame[0] & 3 or intact(frame[24:]) else 'c', id, variant, sender)


def intact(packet):
    udp = packet[20:]
    return checksum(packet[12:20] + struct.pack('!HH', 17, len(udp)) + udp) == 0


# Takes what waits in the sockets; tells how many packets that were.
def drain():
    taken = 0
    for made, handler in list(S.watch.values()):
        for _ in range(512):
            try:
                packet, from_ = made.recvfrom(LONGEST, socket.MSG_DONTWAIT)
            except OSError:
                break
            handler(packet, from_)
            taken += 1
    return taken
