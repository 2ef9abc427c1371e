/**
 * Asks name servers directly, all at once, with two seconds for everything: perl is in the essential set of Debian
 * and Ubuntu, python3 is what others have. Arguments: the name, then the servers. Prints per server: address,
 * result (an answer code, `timeout`, `refused`, `error`), milliseconds, number of answers. The root is asked for
 * its name servers, any other name for its address. Perl counts in what select leaves of its time (Linux tells):
 * Time::HiRes is no part of the essential set. Neither program contains a single quote.
 */
export const DNS_PERL = `
use strict; use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST);
my ($name, @servers) = @ARGV; my (%open, $bits); $bits = "";
my $labels = $name eq "." ? "" : join("", map { pack("C/a*", $_) } split(/[.]/, $name));
my $query = pack("nnnnnn", 4711, 256, 1, 0, 0, 0) . $labels . pack("Cnn", 0, $name eq "." ? 2 : 1, 1);
my @codes = qw(NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED);
for my $server (@servers) {
  my ($error, $info) = getaddrinfo($server, 53, {flags => AI_NUMERICHOST, socktype => SOCK_DGRAM});
  if ($error or !$info) { print "$server error - -\\n"; next }
  my $socket; socket($socket, $info->{family}, SOCK_DGRAM, 0) or next;
  if (!connect($socket, $info->{addr}) or !defined send($socket, $query, 0)) { print "$server unreachable - -\\n"; next }
  $open{fileno $socket} = [$server, $socket]; vec($bits, fileno $socket, 1) = 1;
}
my $left = 2;
while (%open and $left > 0) {
  my $ready = $bits; (my $count, $left) = select($ready, undef, undef, $left); last if $count <= 0;
  for my $fd (keys %open) {
    next unless vec($ready, $fd, 1);
    my ($server, $socket) = @{$open{$fd}}; my $answer;
    my $ms = sprintf "%.1f", (2 - $left) * 1000;
    if (!defined recv($socket, $answer, 4096, 0)) { print "$server refused $ms -\\n" }
    elsif (length $answer < 12) { print "$server error $ms -\\n" }
    else { my ($id, $flags, $q, $count) = unpack("nnnn", $answer); print "$server ", ($codes[$flags & 15] || "CODE" . ($flags & 15)), " $ms $count\\n" }
    delete $open{$fd}; vec($bits, $fd, 1) = 0;
  }
}
print "$_->[0] timeout - -\\n" for values %open;
`;

export const DNS_PYTHON = `
import select, socket, struct, sys, time
name, servers = sys.argv[1], sys.argv[2:]
labels = b"" if name == "." else b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p)
query = struct.pack(">HHHHHH", 4711, 256, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, 2 if name == "." else 1, 1)
codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
waiting = {}
for server in servers:
    try:
        info = socket.getaddrinfo(server, 53, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
        sock = socket.socket(info[0], socket.SOCK_DGRAM)
        begin = time.time()
        sock.connect(info[4]); sock.send(query)
        waiting[sock] = (server, begin)
    except OSError:
        print(server, "unreachable - -")
end = time.time() + 2
while waiting and end > time.time():
    ready = select.select(list(waiting), [], [], max(0, end - time.time()))[0]
    for sock in ready:
        server, begin = waiting.pop(sock)
        ms = "%.1f" % ((time.time() - begin) * 1000)
        try:
            answer = sock.recv(4096)
            flags, count = struct.unpack(">HHHH", answer[:8])[1::2]
            code = flags & 15
            print(server, codes[code] if code < 6 else "CODE%d" % code, ms, count)
        except (OSError, struct.error):
            print(server, "refused", ms, "-")
for server, begin in waiting.values():
    print(server, "timeout - -")
`;
