# Carries what the probers of this host wrote down to Drover, and tells the probers where the others are. Changes nothing but
# its own folder in memory; ends with its input, and leaves the records then: they cover the time until it is opened again.
use strict;
use warnings;
use Fcntl qw(:flock);
use POSIX ();

my ($root, $run) = ('/run/drover', shift @ARGV);
my $folder = "$root/$run";
my (%at, %dead, %open, $told);
$| = 1;

# Hundredths of a second since about the boot, the same for every process of the host; never steps.
sub now { 10 * (POSIX::times())[0] }
sub remove_folder { my $gone = shift; unlink glob "$gone/*"; rmdir $gone }

mkdir $root, 0700;
mkdir $folder, 0700;
# What a killed Drover left: one run at a time works on a cluster.
remove_folder($_) for grep { $_ ne $folder } glob "$root/drover-guard-*";

sub write_peers {
    open my $file, '>', "$folder/peers.new" or die "$folder: $!";
    print $file map { s/=/ /r . "\n" } split /,/, shift;
    close $file;
    rename "$folder/peers.new", "$folder/peers";
}

sub obey {
    my ($command, @words) = split / /, shift;
    if ($command eq 'peers') { write_peers($words[0] // '') }
    elsif ($command eq 'from') { $at{$words[0]} = $words[1] }
    elsif ($command eq 'go') { $told = 1 }
    elsif ($command eq 'end') { remove_folder($folder); rmdir $root; exit 0 }
}

# Its writer holds a lock as long as it lives. Asked first: whatever is read afterwards is all that there will be.
sub follow {
    my ($path, $name) = @_;
    return if $dead{$name};
    my $file = $open{$name};
    unless ($file) { open $file, '<', $path or return; $open{$name} = $file }
    my $over = flock $file, LOCK_EX | LOCK_NB;
    seek $file, $at{$name} //= 0, 0;
    while (my $line = <$file>) {
        last unless $line =~ /\n\z/;
        $at{$name} += length $line;
        print "r $name $at{$name} $line";
    }
    return unless $over;
    $dead{$name} = 1;
    close delete $open{$name};
    print 'd ', $name, ' ', now(), "\n";
}

my ($input, $beat, $touched) = ('', 0, now());
while (1) {
    my $ready = '';
    vec($ready, 0, 1) = 1;
    if (select($ready, undef, undef, 0.1) > 0) {
        sysread STDIN, $input, 65536, length $input or exit 0;
        obey($1) while $input =~ s/^([^\n]*)\n//;
    }
    my $now = now();
    if ($now - $beat >= 500) { print "b $now\n"; $beat = $now }
    if ($told) { follow($_, m{([^/]+)\.rec\z}) for glob "$folder/*.rec" }
    # The probers go on for ten minutes after the last sign of life.
    if ($now - $touched > 30_000) { utime undef, undef, "$folder/peers"; $touched = $now }
}
