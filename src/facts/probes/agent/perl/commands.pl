sub numbers { return map { /^(\d+)-(\d+)$/ ? $1 .. $2 : $_ } split /,/, shift }

my %command = (
    begin => sub { ($magic, $me, $deadman) = @_; remove_stale(); alarm $deadman },
    filter => sub { $filter = join '', map { pack 'S C C L', split /,/ } @_ },
    net => sub {
        my ($id, $name, $address, $control, $peers) = @_;
        my $found = interface($name);
        my %peers = map { split /:/ } split /,/, $peers;
        my $tap = tap(2, 3, $found->{index});
        stamp($tap);
        $net{$id} = { %$found, address => $address, control => $control, peers => \%peers, tap => $tap, senders => {} };
        $peer_at{$peers{$_}} = [$id, $_] for keys %peers;
        listen_to($tap, sub { my ($buffer, $from) = @_;
            note($buffer, (unpack 'S n l S C', $from)[4] == OUTGOING ? 'o' : 'i', $tap) });
        hold_port($id);
        answer('net', $id, $found->{mac}, $found->{mtu});
    },
    probe => sub {
        my ($id, $net, $kind, $number) = @_;
        $probe{$id} = { id => $id, net => $net, kind => $kind, number => $number };
        my $slot = $kind eq 'vxlan' ? "udp $net $number" : "$kind $net $number";
        $numbered{$slot} = $id unless defined $numbered{$slot};
    },
    tunnel => \&open_tunnel,
    guard => \&open_guard,
    open => sub {
        for (values %RAW) { $raw{$_} ||= raw_socket($_); listen_to($raw{$_}, sub { note($_[0], 'd') }) }
        answer('open');
    },
    fire => sub { my ($id, $variant, $times, $peers) = @_; push @queue, [$id, $variant, $times, numbers($peers)] },
    go => sub { fire(); answer('fired', @_) },
    sync => \&sync,
    look => \&look,
    counters => sub { answer('counters', bad_checksums()) },
    beat => sub { },
    quit => sub { finish(0) },
);

# Whoever hears the answer knows of everything that had arrived by now.
sub sync {
    for (1 .. 100) { last unless drain() }
    flush_seen();
    answer('synced', @_);
}

# The control port is random and high; holding it only spares the peers an ICMP error.
sub hold_port {
    my $net = $net{$_[0]};
    socket($net->{holder}, 2, 2, 17) and bind $net->{holder}, pack_sockaddr_in($net->{control}, inet_aton($net->{address}));
    attach_nothing($net->{holder});
}

sub obey {
    my ($name, @words) = split ' ', shift;
    return unless defined $name && $command{$name};
    alarm $deadman;
    eval { $command{$name}->(@words); 1 } or answer('fail', $name, tidy($@));
}

sub main {
    $SIG{$_} = sub { finish(1) } for qw(ALRM TERM INT HUP);
    $SIG{PIPE} = 'IGNORE';
    alarm $deadman;
    answer('ready', 1, 'perl', $> == 0 ? 'root' : 'user');
    while (1) {
        my $ready = '';
        vec($ready, $_, 1) = 1 for 0, keys %watch;
        # Never for long: a signal that comes just before the wait is only seen after it.
        my $found = select $ready, undef, undef, $pending ? 0.003 : 1;
        if ($found > 0) { drain() }
        flush_seen() if $pending && ($found <= 0 || $pending > 2000);
        next unless $found > 0 && vec $ready, 0, 1;
        my $read = sysread STDIN, $input, 65536, length $input;
        finish(0) if defined $read && $read == 0;
        obey($1) while $input =~ s/^(.*)\n//;
    }
}

main();
