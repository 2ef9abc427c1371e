def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def key(id, variant, to):
    return struct.pack('!IHHHH', S.magic, id, variant, S.me, to)


def ip_packet(protocol, from_, to, body):
    def head(total):
        return struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(body), ident, 0x4000, 64, protocol, total,
                           socket.inet_aton(from_), socket.inet_aton(to))
    ident = random.randrange(65536)
    return head(checksum(head(0))) + body


def pseudo(protocol, from_, to, length):
    return socket.inet_aton(from_) + socket.inet_aton(to) + struct.pack('!HH', protocol, length)


# `offload` leaves the checksum to the kernel, as its own sockets do: that is the path with the known bugs.
def udp_segment(from_, to, ports, body, offload):
    length = 8 + len(body)
    false_head = pseudo(17, from_, to, length)
    head = struct.pack('!HHHH', ports[0], ports[1], length, 0)
    total = ~checksum(false_head) & 0xffff if offload else checksum(false_head + head + body) or 0xffff
    return head[:6] + struct.pack('!H', total) + body


def syn_segment(from_, to, port):
    options = struct.pack('!BBH8B', 2, 4, 1460, 1, 3, 3, 7, 1, 1, 4, 2)
    head = struct.pack('!HHIIBBHHH', ephemeral(), port, S.magic, 0, 8 << 4, 2, 64240, 0, 0) + options
    return head[:16] + struct.pack('!H', checksum(pseudo(6, from_, to, len(head)) + head)) + head[18:]


# Each has a number of its own: several are on the way at once, and an answer belongs to one of them.
def echo(kind, body):
    S.echoes = (S.echoes + 1) & 0xffff
    total = checksum(struct.pack('!BBHHH', kind, 0, 0, S.me, S.echoes) + body)
    return struct.pack('!BBHHH', kind, 0, total, S.me, S.echoes) + body


def ephemeral():
    return 32768 + random.randrange(28000)


def padded(body, length):
    return body.ljust(length, b'\0')


# A frame whose receiver address is nobody's: the device hands it to the tap, the host's IP stack ignores it.
def inner_frame(id, variant, to, offload):
    from_ip, to_ip = '169.254.251.1', '169.254.251.2'
    body = padded(key(id, variant, to), (variant or SMALL) - 28)
    udp = udp_segment(from_ip, to_ip, (ephemeral(), 9), body, offload)
    return inner_mac(id, to) + inner_mac(id, S.me) + b'\x08\0' + ip_packet(17, from_ip, to_ip, udp)


def inner_mac(id, peer, first=6):
    return struct.pack('!BBHH', first, id & 255, S.magic & 0xffff, peer)


def mac_text(mac):
    return ':'.join('%02x' % byte for byte in mac)
