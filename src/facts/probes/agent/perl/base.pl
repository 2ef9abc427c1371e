# Drover's probe agent for hosts with perl: needs nothing beyond Debian's perl-base and iproute2.
# Reads one command a line on stdin, answers in lines on stdout; protocol.ts describes both. It binds no
# port of the cluster: arrivals are seen by packet taps on the interface and by raw sockets behind the host's
# firewall. Ends, and removes its devices, on end of input, on signals, and when nothing was heard for long.
use strict;
use warnings;
use Errno;
use Socket qw(inet_aton inet_ntoa pack_sockaddr_in);

use constant { DONTWAIT => 0x40, OUTGOING => 4, PACKET => 17, STAMP => 0x8906, SMALL => 60, LONGEST => 16384 };
my %RAW = (udp => 17, tcp => 6, icmp => 1, ipip => 4, gre => 47, esp => 50);

my ($magic, $me, $deadman, $filter, $input, $pending, $echoes) = (0, 0, 20, '', '', 0, 0);
my (%net, %probe, %numbered, %peer_at, %raw, %watch, %tunnel, %mac_of, @queue, %fresh, %known, %sent, %best);

sub answer {
    my $text = join(' ', @_) . "\n";
    while (length $text) {
        my $written = syswrite STDOUT, $text;
        if (defined $written) { substr($text, 0, $written, '') }
        elsif (!$!{EINTR}) { finish(1) }
    }
}

sub finish {
    my $status = shift;
    $SIG{$_} = 'IGNORE' for qw(ALRM TERM INT HUP);
    remove_device($_->{device}) for grep { $_->{device} } values %tunnel;
    exit $status;
}

sub remove_device { my $device = shift; my $out = qx{ip link del $device 2>&1} }

# An agent that was killed could not clean up; its devices carry its process id.
sub remove_stale {
    for my $line (qx{ip -o link show 2>/dev/null}) {
        next unless $line =~ /^\d+: (drv[wx](\d+)p\d+)[:@]/;
        remove_device($1) unless kill(0, $2) || $!{EPERM};
    }
}
