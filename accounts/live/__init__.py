"""What accounts do on sockets: who a socket belongs to, and its end when that sign-in ends."""
