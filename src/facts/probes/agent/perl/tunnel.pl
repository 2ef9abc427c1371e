sub open_tunnel {
    my ($id, $vni, $mtu) = @_;
    my $p = $probe{$id};
    my ($device, $net) = ("drvx${$}p$id", $net{$p->{net}});
    $tunnel{$id} = { vni => $vni };
    my $own = mac_text(pack 'C C n n', 2, $id & 255, $magic & 0xffff, $me);
    my $add = "ip link add $device address $own mtu $mtu type vxlan id $vni local $net->{address} dstport $p->{number} nolearning ttl 64";
    my $problem = qx{$add df set 2>&1 || $add 2>&1};
    return answer('tunnel', $id, '-', tidy($problem)) if $?;
    $tunnel{$id}{device} = $device;
    $problem = qx{ip link set $device addrgenmode none 2>&1; ip link set $device up 2>&1};
    $problem = fill_forwarding($id, $device, $net) unless $?;
    if ($?) {
        remove_device(delete $tunnel{$id}{device});
        return answer('tunnel', $id, '-', tidy($problem));
    }
    my $socket = tap(3, 3, interface($device)->{index});
    $tunnel{$id}{socket} = $socket;
    listen_to($socket, sub { my ($buffer, $from) = @_; note_tunnel($buffer) if (unpack 'S n l S C', $from)[4] != OUTGOING });
    answer('tunnel', $id, $device);
}

sub fill_forwarding {
    my ($id, $device, $net) = @_;
    open my $batch, '|-', 'bridge -batch - >/dev/null 2>&1' or return 'bridge does not run';
    for my $peer (keys %{$net->{peers}}) {
        print $batch "fdb add @{[mac_text(inner_mac($id, $peer))]} dev $device dst $net->{peers}{$peer}\n" if $peer != $me;
    }
    close $batch;
    return 'bridge refused the forwarding entries';
}
