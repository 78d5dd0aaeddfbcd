"""Real data in and out: files read, columns matched, rows checked and written, rows exported."""
