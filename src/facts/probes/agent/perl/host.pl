sub tidy { my $text = join ' ', split ' ', shift; return $text eq '' ? 'failed' : $text }

sub look {
    my ($id) = @_;
    my $net = $net{$id};
    my @peers = grep { $_ != $me } sort { $a <=> $b } keys %{$net->{peers}};
    my %state = neighbours();
    for my $route (map { [$_, route_to($net->{peers}{$_}, $net->{address})] } @peers) {
        my ($peer, $gateway) = @$route;
        my $hop = $state{$gateway || $net->{peers}{$peer}} || ['', 'NONE'];
        $mac_of{"$id $peer"} = pack 'C6', map { hex } split /:/, $hop->[0] if $hop->[0];
        answer('hop', $id, $peer, $gateway || '-', $hop->[0] || '-', $hop->[1]);
    }
    answer('looked', $id);
}

sub neighbours {
    my %state;
    for (qx{ip -4 neigh show 2>/dev/null}) {
        my ($address, $mac, $state) = /^(\S+) dev \S+(?: lladdr (\S+))?.*?(\S+)\s*$/ or next;
        $state{$address} = [$mac || '', $state];
    }
    return %state;
}

sub route_to { my ($to, $from) = @_; return qx{ip -4 -o route get $to from $from 2>/dev/null} =~ / via (\S+)/ ? $1 : '' }

sub bad_checksums {
    open my $file, '<', '/proc/net/snmp' or return -1;
    my ($names, $values) = map { [split] } grep { /^Udp: / } <$file>;
    for my $i (0 .. $#$names) { return $values->[$i] if $names->[$i] eq 'InCsumErrors' }
    return -1;
}
