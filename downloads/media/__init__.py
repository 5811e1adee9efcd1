"""ffmpeg and PyAV on local files: what is inside, joining, checking, pictures, sound.

| to | call | runs |
|---|---|---|
| know what a file is by its first bytes | `kinds.media_kind` | here |
| see what is inside | `probing.probe` | PyAV in a child that may die (`children`) |
| check what was fetched, and what came of it | `verifying.fetched_verify`, `media_verify` | the same |
| join tracks into one file | `remuxing.remux`, `remux_container` | ffmpeg (`ffmpeg.ffmpeg_run`) |
| take out texts and fonts, make seek pictures | `subtitles.subtitles_extract`, `thumbnails.thumbnails_make` | ffmpeg; a child |
| find openings and endings | `sound.sound_fingerprint`, `openings.openings_find` | ffmpeg, then numpy |
| have all that done for library files | `jobs.assets_enqueue` | jobs on the queue `media` |

MP4 holds texts as `mov_text` alone, so ASS loses its styles there, fonts are left out, and the first text plays by itself;
Matroska keeps all three. Parts of a stream whose clocks do not go on are joined by ffmpeg's `concat` (bytes put behind each other
left 40 ms holes, or pictures at the same time, on the streams tried); what goes on by one clock is one part.
"""
