sub saw {
    my ($where, $id, $variant, $peer) = @_;
    return if $known{"$where $id $variant $peer"}++;
    push @{$fresh{"$where $id $variant"}}, $peer;
    $pending++;
}

sub flush_seen {
    answer('saw', $_, join ',', sort { $a <=> $b } @{$fresh{$_}}) for sort keys %fresh;
    %fresh = ();
    $pending = 0;
}

# `$where`: o = leaving the interface, i = arriving at it, d = delivered behind the host's firewall.
sub note {
    my ($packet, $where, $socket) = @_;
    return if length $packet < 28;
    my ($x, $protocol) = (4 * (ord($packet) & 15), ord substr $packet, 9, 1);
    my ($from, $to) = map { inet_ntoa(substr $packet, $_, 4) } 12, 16;
    return note_tcp($packet, $x, $where, $from, $to) if $protocol == 6;
    my $type = $protocol == 1 ? ord substr $packet, $x, 1 : -1;
    return note_error($packet, $x, $from) if $type == 3 && $where eq 'd';
    return if $type == 3;
    my $key = find_key($packet, $protocol, $x) or return;
    my ($id, $variant, $sender, $receiver) = @$key;
    my $echo = "$id $receiver " . unpack 'x6 n', substr $packet, $x, 8;
    return note_reply($where, $key, [$echo, $socket]) if $type == 0;
    my $probe = $probe{$id} or return;
    return if $probe->{kind} eq 'source' && $probe->{number} ne $from;
    if ($where eq 'o') {
        return if $sender != $me;
        $sent{$echo} = stamp($socket) if $type == 8;
        saw('o', $id, $variant, $receiver);
    }
    elsif ($receiver == $me) {
        saw($where, $id, $variant, $sender);
        note_damage($packet, $x, $id, $variant, $sender) if $where eq 'd' && $protocol == 17 && $probe->{kind} eq 'udp';
    }
}

# x = wrong checksum; p = only begun, which is damage on a wire and normal between virtual interfaces.
sub note_damage {
    my ($packet, $x, @slot) = @_;
    my ($length, $sum) = unpack 'x4 n n', substr $packet, $x, 8;
    return if $length != length($packet) - $x || $sum == 0;
    my $pseudo = substr($packet, 12, 8) . pack 'n n', 17, $length;
    return if checksum($pseudo . substr $packet, $x) == 0;
    saw($sum == (~checksum($pseudo) & 0xffff) ? 'p' : 'x', @slot);
}

sub find_key {
    my ($packet, $protocol, $x) = @_;
    my %offset = (17 => [8, 58], 1 => [8], 4 => [28], 47 => [4], 50 => [8]);
    for my $offset (@{$offset{$protocol} || []}) {
        next if length $packet < $x + $offset + 12;
        my ($mark, @key) = unpack 'N n n n n', substr $packet, $x + $offset, 12;
        return \@key if $mark == $magic;
    }
    return;
}

sub note_reply {
    my ($where, $key, $answer) = @_;
    my ($id, $variant, $sender, $receiver) = @$key;
    my ($echo, $socket) = @$answer;
    return if $sender != $me || $where eq 'o';
    return saw('a', $id, $variant, $receiver) if $where eq 'd';
    my ($start, $end) = (delete $sent{$echo}, stamp($socket));
    return unless $start && $end && $end >= $start;
    # The clock counts microseconds: what took less than one took no more than that.
    my ($slot, $took) = ("$id $receiver", int($end - $start) || 1);
    return if defined $best{$slot} && $best{$slot} <= $took;
    $best{$slot} = $took;
    answer('rtt', $id, $receiver, $took);
}

sub note_tcp {
    my ($packet, $x, $where, $from, $to) = @_;
    my ($sport, $dport, $seq, $ack, $flags) = unpack 'n n N N x C', substr $packet, $x, 20;
    my $other = $peer_at{$where eq 'o' ? $to : $from} or return;
    if (($flags & 0x12) == 2 && $seq == $magic) {
        my $id = $numbered{"tcp $other->[0] $dport"};
        saw($where, $id, 0, $other->[1]) if defined $id;
    }
    elsif ($ack == (($magic + 1) & 0xffffffff)) {
        my $id = $numbered{"tcp $other->[0] $sport"};
        return unless defined $id;
        saw('b', $id, 0, $other->[1]) if $where eq 'o';
        saw($flags & 4 ? 'r' : 'a', $id, 0, $other->[1]) if $where eq 'd';
    }
}

# An ICMP "unreachable" quotes the packet that somebody refused.
sub note_error {
    my ($packet, $x, $by) = @_;
    my $code = ord substr $packet, $x + 1, 1;
    my $quoted = substr $packet, $x + 8;
    return if $code == 4 || length $quoted < 28;
    my ($y, $protocol) = (4 * (ord($quoted) & 15), ord substr $quoted, 9, 1);
    my $other = $peer_at{inet_ntoa(substr $quoted, 16, 4)} or return;
    my $key = $protocol == 6 ? undef : find_key($quoted, $protocol, $y);
    my $id = $key ? $key->[0] : $numbered{quoted_kind($quoted, $protocol, $y, $other->[0])};
    return unless defined $id && $probe{$id};
    answer('rej', $id, $other->[1], $by, $code) unless $known{"rej $id $other->[1]"}++;
}

sub quoted_kind {
    my ($quoted, $protocol, $y, $net) = @_;
    my ($port, $seq) = unpack 'x2 n N', substr $quoted, $y, 8;
    return "udp $net $port" if $protocol == 17;
    return $seq == $magic ? "tcp $net $port" : '' if $protocol == 6;
    return $protocol == 1 ? "icmp $net 0" : "raw $net $protocol";
}

sub note_tunnel {
    my $frame = shift;
    return if length $frame < 64 || unpack('x24 C', $frame) != 0x45;
    my ($mark, $id, $variant, $sender, $receiver) = unpack 'N n n n n', substr $frame, 52, 12;
    return if $mark != $magic || $receiver != $me;
    saw(ord($frame) & 3 || intact(substr $frame, 24) ? 't' : 'c', $id, $variant, $sender);
}

sub intact {
    my $packet = shift;
    my $udp = substr $packet, 20;
    return checksum(substr($packet, 12, 8) . pack('n n', 17, length $udp) . $udp) == 0;
}

# Takes what waits in the sockets; tells how many packets that were.
sub drain {
    my $taken = 0;
    for my $entry (values %watch) {
        my ($socket, $handler) = @$entry;
        for (1 .. 512) {
            my $from = recv $socket, my $buffer, LONGEST, DONTWAIT;
            last unless defined $from;
            $handler->($buffer, $from, $socket);
            $taken++;
        }
    }
    return $taken;
}
