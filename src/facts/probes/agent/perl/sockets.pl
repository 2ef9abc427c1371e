sub tap {
    my ($kind, $protocol, $index) = @_;
    socket(my $socket, PACKET, $kind, 0) or die "packet socket: $!\n";
    setsockopt($socket, 263, 15, pack 'i', 1) or die "tunnel tap: $!\n" if $kind == 3;
    attach($socket) if $kind == 2;
    bind($socket, pack 'S n l S C C a8', PACKET, $protocol, $index, 0, 0, 0, '') or die "tap: $!\n";
    setsockopt($socket, 1, 33, pack 'i', 4 << 20);
    return $socket;
}

sub attach {
    my $socket = shift;
    my $align = length pack 'P', '';
    setsockopt($socket, 1, 26, pack "S x!$align P", length($filter) / 8, $filter) or die "filter: $!\n";
}

sub raw_socket {
    my $protocol = shift;
    socket(my $socket, 2, 3, $protocol) or die "raw socket: $!\n";
    attach($socket);
    setsockopt($socket, 1, 33, pack 'i', 4 << 20);
    return $socket;
}

sub listen_to { my ($socket, $handler) = @_; $watch{fileno $socket} = [$socket, $handler] }

sub interface {
    my ($name) = @_;
    socket(my $socket, 2, 2, 0) or die "socket: $!\n";
    my %found;
    for (['index', 0x8933], ['mtu', 0x8921], ['mac', 0x8927]) {
        my ($what, $request) = @$_;
        my $ifreq = pack 'a16 x24', $name;
        ioctl($socket, $request, $ifreq) or die "$name: $!\n";
        $found{$what} = $what eq 'mac' ? mac_text(substr $ifreq, 18, 6) : unpack 'x16 i', $ifreq;
    }
    return \%found;
}

sub stamp {
    my $socket = shift;
    my $value = "\0" x 16;
    ioctl($socket, STAMP, $value) or return;
    my ($seconds, $micros) = unpack 'l! l!', $value;
    return $seconds * 1e6 + $micros;
}
