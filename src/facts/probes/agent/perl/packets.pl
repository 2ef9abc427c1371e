sub checksum {
    my $data = shift;
    $data .= "\0" if length($data) % 2;
    my $sum = unpack '%32n*', $data;
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub key { my ($id, $variant, $to) = @_; return pack 'N n n n n', $magic, $id, $variant, $me, $to }

sub ip_packet {
    my ($proto, $from, $to, $body) = @_;
    my $head = pack 'C C n n n C C n a4 a4', 0x45, 0, 20 + length $body, int rand 65536, 0x4000, 64, $proto, 0,
        inet_aton($from), inet_aton($to);
    substr($head, 10, 2, pack 'n', checksum($head));
    return $head . $body;
}

sub pseudo { my ($proto, $from, $to, $length) = @_; return inet_aton($from) . inet_aton($to) . pack 'n n', $proto, $length }

# `$offload` leaves the checksum to the kernel, as its own sockets do: that is the path with the known bugs.
sub udp_segment {
    my ($from, $to, $ports, $body, $offload) = @_;
    my $length = 8 + length $body;
    my $head = pack 'n n n n', @$ports, $length, 0;
    my $pseudo = pseudo(17, $from, $to, $length);
    my $sum = $offload ? ~checksum($pseudo) & 0xffff : checksum($pseudo . $head . $body) || 0xffff;
    substr($head, 6, 2, pack 'n', $sum);
    return $head . $body;
}

sub syn_segment {
    my ($from, $to, $port) = @_;
    my $options = pack 'C C n C8', 2, 4, 1460, 1, 3, 3, 7, 1, 1, 4, 2;
    my $head = pack('n n N N C C n n n', ephemeral(), $port, $magic, 0, 8 << 4, 2, 64240, 0, 0) . $options;
    substr($head, 16, 2, pack 'n', checksum(pseudo(6, $from, $to, length $head) . $head));
    return $head;
}

# Each has a number of its own: several are on the way at once, and an answer belongs to one of them.
sub echo {
    my ($type, $body) = @_;
    my @own = ($me, $echoes = ($echoes + 1) & 0xffff);
    my $sum = checksum(pack('C C n n n', $type, 0, 0, @own) . $body);
    return pack('C C n n n', $type, 0, $sum, @own) . $body;
}

sub ephemeral { return 32768 + int rand 28000 }

sub padded { my ($body, $length) = @_; return length $body < $length ? $body . "\0" x ($length - length $body) : $body }

# A frame whose receiver address is nobody's: the device hands it to the tap, the host's IP stack ignores it.
sub inner_frame {
    my ($id, $variant, $to, $offload) = @_;
    my ($from_ip, $to_ip) = ('169.254.251.1', '169.254.251.2');
    my $body = padded(key($id, $variant, $to), ($variant || SMALL) - 28);
    my $udp = udp_segment($from_ip, $to_ip, [ephemeral(), 9], $body, $offload);
    return inner_mac($id, $to) . inner_mac($id, $me) . pack('n', 0x0800) . ip_packet(17, $from_ip, $to_ip, $udp);
}

sub inner_mac { my ($id, $peer) = @_; return pack 'C C n n', 6, $id & 255, $magic & 0xffff, $peer }

sub mac_text { return join ':', map { sprintf '%02x', $_ } unpack 'C*', shift }
