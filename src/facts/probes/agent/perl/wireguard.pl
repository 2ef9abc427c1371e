# WireGuard: a temporary device per probe, told keys and peers as the tool wg does (linux/wireguard.h). It gets no
# address and no route: packets are written to the device itself, between addresses that every IP stack throws away.
sub open_guard {
    my ($id, $private, $peers) = @_;
    my ($p, $device) = ($probe{$id}, "drvw${$}p$id");
    $tunnel{$id} = {};
    my $problem = qx{ip link add $device type wireguard 2>&1};
    return answer('tunnel', $id, '-', tidy($problem)) if $?;
    $tunnel{$id}{device} = $device;
    my $done = eval { set_guard($p, $private, map { split /:/ } split /,/, $peers); 1 };
    $problem = $done ? qx{ip link set $device up 2>&1} : $@;
    if (!$done || $?) {
        remove_device(delete $tunnel{$id}{device});
        return answer('tunnel', $id, '-', tidy($problem));
    }
    my $index = $tunnel{$id}{index} = interface($device)->{index};
    my $socket = $tunnel{$id}{socket} = tap(2, 3, $index);
    listen_to($socket, sub { my ($packet, $from) = @_; note_guard($packet) if (unpack 'S n l S C', $from)[4] != OUTGOING });
    answer('tunnel', $id, $device);
}

sub set_guard {
    my ($p, $private, %public) = @_;
    my $family = guard_family();
    my $name = attribute(2, "$tunnel{$p->{id}}{device}\0");
    ask_kernel($family, 1, $name, attribute(3, pack 'H64', $private), attribute(6, pack 'S', $p->{number}));
    my @peers = map { guard_peer($p, $_, $public{$_}) } grep { $_ != $me } keys %public;
    while (my @some = splice @peers, 0, 200) { ask_kernel($family, 1, $name, nest(8, @some)) }
}

sub guard_peer {
    my ($p, $peer, $public) = @_;
    my $endpoint = pack_sockaddr_in($p->{number}, inet_aton($net{$p->{net}}{peers}{$peer}));
    my $allowed = nest(0, attribute(1, pack 'S', 2), attribute(2, inet_aton(guarded($peer))), attribute(3, pack 'C', 32));
    return nest(0, attribute(1, pack 'H64', $public), attribute(4, $endpoint), nest(9, $allowed));
}

# 0.0.0.0/8 is no valid source: whatever came out of the tunnel ends at the tap.
sub guarded { return inet_ntoa(pack 'N', 1 + shift) }

sub attribute { my ($type, $data) = @_; my $all = pack('S S', 4 + length $data, $type) . $data; return $all . "\0" x (-length($all) % 4) }

sub nest { my $type = shift; return attribute(0x8000 | $type, join '', @_) }

sub guard_family {
    my $rest = ask_kernel(16, 3, attribute(2, "wireguard\0"));
    while (length $rest >= 6) {
        my ($length, $type, $family) = unpack 'S S S', $rest;
        return $family if $type == 1;
        last if $length < 4;
        substr $rest, 0, ($length + 3) & ~3, '';
    }
    die "the kernel tells no number for WireGuard\n";
}

# One request of generic netlink; returns the attributes of the answer, dies of the kernel's refusal.
sub ask_kernel {
    my ($family, $command, @attributes) = @_;
    socket(my $socket, 16, 3, 16) or die "netlink: $!\n";
    my $body = pack('C C S', $command, 1, 0) . join '', @attributes;
    send $socket, pack('L S S L L', 16 + length $body, $family, 5, 1, 0) . $body, 0 or die "netlink: $!\n";
    my $found = '';
    while (1) {
        defined recv $socket, my $message, 65536, 0 or die "netlink: $!\n";
        my ($type, $error) = unpack 'x4 S x10 l', $message;
        if ($type != 2) { $found = substr $message, 20; next }
        return $found if !$error;
        $! = -$error;
        die "WireGuard: $!\n";
    }
}

sub note_guard {
    my $packet = shift;
    return if length $packet < 40;
    my $key = find_key($packet, 17, 20) or return;
    saw('t', @$key[0 .. 2]) if $key->[3] == $me;
}

sub send_guard {
    my ($p, $to, $address, $variant) = @_;
    my $tunnel = $tunnel{$p->{id}};
    return undef_with('ENODEV') unless $tunnel && $tunnel->{device};
    my ($from, $target) = (guarded($me), guarded($to));
    my $udp = udp_segment($from, $target, [ephemeral(), 9], key($p->{id}, $variant, $to), 0);
    my $where = pack 'S n l S C C a8', PACKET, 0x0800, $tunnel->{index}, 0, 0, 0, '';
    return send $tunnel->{socket}, ip_packet(17, $from, $target, $udp), DONTWAIT, $where;
}
