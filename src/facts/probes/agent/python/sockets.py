def tap(kind, name):
    made = socket.socket(socket.AF_PACKET, kind, 0)
    if kind == socket.SOCK_RAW:
        made.setsockopt(263, 15, 1)
    else:
        attach(made, S.program)
    made.bind((name, 3))
    made.setsockopt(socket.SOL_SOCKET, 33, 4 << 20)
    return made


def attach(made, program):
    kept = array.array('B', program)
    made.setsockopt(socket.SOL_SOCKET, 26, struct.pack('@HP', len(program) // 8, kept.buffer_info()[0]))


def raw_socket(protocol):
    made = socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
    attach(made, S.program)
    made.setsockopt(socket.SOL_SOCKET, 33, 4 << 20)
    return made


def listen_to(made, handler):
    S.watch[made.fileno()] = (made, handler)


def interface(name):
    found = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for what, request in (('mtu', 0x8921), ('mac', 0x8927)):
            reply = fcntl.ioctl(asker, request, struct.pack('16s24x', name.encode()))
            found[what] = mac_text(reply[18:24]) if what == 'mac' else struct.unpack('16xi', reply[:20])[0]
    return found


def stamp(made):
    try:
        seconds, micros = struct.unpack('@ll', fcntl.ioctl(made, STAMP, bytes(struct.calcsize('@ll'))))
        return seconds * 1000000 + micros
    except OSError:
        return None
