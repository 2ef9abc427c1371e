my %send = (
    udp => sub { my ($p, $to, $address, $variant) = @_;
        send_udp($p, $address, $p->{number}, padded(key($p->{id}, $variant, $to), ($variant || SMALL) - 28), $variant) },
    tcp => sub { my ($p, $to, $address) = @_;
        send_raw($p, 'tcp', $address, syn_segment($net{$p->{net}}{address}, $address, $p->{number})) },
    icmp => sub { my ($p, $to, $address, $variant) = @_;
        send_raw($p, 'icmp', $address, echo(8, key($p->{id}, $variant, $to))) },
    raw => \&send_protocol,
    vxlan => \&send_vxlan,
    wireguard => \&send_guard,
    source => \&send_source,
);

sub send_udp {
    my ($p, $address, $port, $body, $whole) = @_;
    socket(my $socket, 2, 2, 17) or return;
    bind($socket, pack_sockaddr_in(0, inet_aton($net{$p->{net}}{address}))) or return;
    setsockopt($socket, 0, 10, pack 'i', 3) if $whole;
    return send $socket, $body, DONTWAIT, pack_sockaddr_in($port, inet_aton($address));
}

sub send_raw {
    my ($p, $name, $address, $body) = @_;
    my $socket = $net{$p->{net}}{senders}{$name} ||= do {
        socket(my $new, 2, 3, $RAW{$name}) or return;
        attach_nothing($new);
        bind($new, pack_sockaddr_in(0, inet_aton($net{$p->{net}}{address}))) or return;
        $new;
    };
    return send $socket, $body, DONTWAIT, pack_sockaddr_in(0, inet_aton($address));
}

# Senders never read: a filter that refuses everything keeps their queues empty.
sub attach_nothing {
    my $socket = shift;
    my $nothing = pack 'S C C L', 6, 0, 0, 0;
    my $align = length pack 'P', '';
    setsockopt($socket, 1, 26, pack "S x!$align P", 1, $nothing);
}

# Each carries what its protocol demands, in a form that no host answers: an echo reply that nobody asked for
# (IPIP), an experimental ether type (GRE), an unknown SPI (ESP).
sub send_protocol {
    my ($p, $to, $address, $variant) = @_;
    my $key = key($p->{id}, $variant, $to);
    my $from = $net{$p->{net}}{address};
    return send_raw($p, 'ipip', $address, ip_packet(1, $from, $address, echo(0, $key))) if $p->{number} == 4;
    return send_raw($p, 'gre', $address, pack('n n', 0, 0x88b5) . padded($key, 40)) if $p->{number} == 47;
    return send_raw($p, 'esp', $address, pack('N N', 0xd0000000 | $magic >> 8, 1) . padded($key, 40));
}

sub send_vxlan {
    my ($p, $to, $address, $variant) = @_;
    my $tunnel = $tunnel{$p->{id}} or return;
    if (!$tunnel->{device}) {
        my $head = pack 'C x3 N', 8, $tunnel->{vni} << 8;
        return send_udp($p, $address, $p->{number}, $head . inner_frame($p->{id}, $variant, $to, 0), $variant);
    }
    my $offload = pack 'C C S S S S', 1, 0, 0, 0, 34, 6;
    return send $tunnel->{socket}, $offload . inner_frame($p->{id}, $variant, $to, 1), DONTWAIT;
}

# Written to the interface itself: the host's own firewall and address translation must not touch it.
sub send_source {
    my ($p, $to, $address, $variant) = @_;
    my $net = $net{$p->{net}};
    my $mac = $mac_of{"$p->{net} $to"} or return undef_with('EHOSTUNREACH');
    my $udp = udp_segment($p->{number}, $address, [ephemeral(), $net->{control}], key($p->{id}, $variant, $to), 0);
    my $where = pack 'S n l S C C a8', PACKET, 0x0800, $net->{index}, 0, 0, 6, $mac;
    socket($net->{writer}, PACKET, 2, 0) or return unless $net->{writer};
    return send $net->{writer}, ip_packet(17, $p->{number}, $address, $udp), DONTWAIT, $where;
}

sub undef_with { my $name = shift; $! = Errno->can($name)->(); return }

sub error_name { my ($name) = grep { $!{$_} } keys %!; return $name || 'E' . ($! + 0) }

sub fire {
    my $count = 0;
    for my $entry (@queue) {
        my ($id, $variant, $times, @peers) = @$entry;
        my $p = $probe{$id} or next;
        my @order = ((grep { $_ > $me } @peers), (grep { $_ < $me } @peers));
        for my $to (map { ($_) x $times } @order) {
            my $address = $net{$p->{net}}{peers}{$to} or next;
            my $sent = $send{$p->{kind}}->($p, $to, $address, $variant);
            if (!defined $sent && !$known{"err $id $variant $to"}++) { answer('err', $id, $variant, $to, error_name()) }
            if (++$count % 16 == 0) { drain(); select undef, undef, undef, 0.0005 }
        }
    }
    @queue = ();
}
