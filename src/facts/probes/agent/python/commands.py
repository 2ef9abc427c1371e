def numbers(text):
    for part in text.split(','):
        first, _, last = part.partition('-')
        yield from range(int(first), int(last or first) + 1)


def begin(magic, me, deadman):
    S.magic, S.me, S.deadman = int(magic), int(me), int(deadman)
    signal.alarm(S.deadman)
    remove_stale()


def set_filter(*lines):
    S.program = b''.join(struct.pack('=HBBI', *(int(word) for word in line.split(','))) for line in lines)


def add_net(id, name, address, control, peers):
    found = interface(name)
    pairs = [pair.split(':') for pair in peers.split(',')]
    made = tap(socket.SOCK_DGRAM, name)
    stamp(made)
    S.net[id] = {'name': name, 'address': address, 'control': int(control), 'senders': {},
                 'peers': {int(peer): peer_address for peer, peer_address in pairs}}
    for peer, peer_address in pairs:
        S.peer_at[peer_address] = (id, int(peer))
    listen_to(made, lambda packet, from_: note(packet, 'o' if from_[2] == OUTGOING else 'i', made))
    hold_port(S.net[id])
    answer('net', id, found['mac'], found['mtu'])


# The control port is random and high; holding it only spares the peers an ICMP error.
def hold_port(net):
    made = net['senders']['holder'] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    attach(made, NOTHING)
    try:
        made.bind((net['address'], net['control']))
    except OSError:
        pass


def add_probe(id, net, kind, number):
    S.probe[int(id)] = {'id': int(id), 'net': net, 'kind': kind, 'number': number}
    S.numbered.setdefault(('udp' if kind == 'vxlan' else kind, net, number), int(id))


def open_raw():
    for protocol in RAW.values():
        listen_to(raw_socket(protocol), lambda packet, from_: note(packet, 'd', None))
    answer('open')


# Whoever hears the answer knows of everything that had arrived by now.
def sync(round_number):
    for _ in range(100):
        if not drain():
            break
    flush_seen()
    answer('synced', round_number)


def go(round_number):
    fire()
    answer('fired', round_number)


COMMANDS = {
    'begin': begin, 'filter': set_filter, 'net': add_net, 'probe': add_probe, 'tunnel': open_tunnel, 'guard': open_guard,
    'open': open_raw, 'go': go, 'sync': sync, 'look': look, 'counters': counters, 'beat': lambda: None,
    'fire': lambda id, variant, times, peers: S.queue.append((int(id), int(variant), int(times), list(numbers(peers)))),
    'quit': lambda: finish(0),
}


def obey(line):
    name, *words = line.split() or ['']
    if name not in COMMANDS:
        return
    signal.alarm(S.deadman)
    try:
        COMMANDS[name](*words)
    except Exception as problem:
        answer('fail', name, tidy(problem))


def main():
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: finish(1))
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.alarm(S.deadman)
    answer('ready', 1, 'python', 'root' if os.geteuid() == 0 else 'user')
    text = b''
    while True:
        # Never for long: a signal that comes just before the wait is only seen after it.
        found = select.select([0, *S.watch], [], [], 0.003 if S.pending else 1)[0]
        if found:
            drain()
        if S.pending and (not found or S.pending > 2000):
            flush_seen()
        if 0 not in found:
            continue
        more = os.read(0, 65536)
        if not more:
            finish(0)
        *lines, text = (text + more).split(b'\n')
        for line in lines:
            obey(line.decode())


main()
