"""Videos and recordings made small with ffmpeg: its command lines, and what it says.

The file that ffmpeg opens is hostile until proven otherwise: its format is forced by what
the first bytes were, so that no playlist is ever opened, only local files may be read, only
the decoders that courses need are there, and pictures are capped before they are decoded.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # type: ignore[import-untyped]

VIDEO_PROFILES = ("poster", "480p", "240p", "audio")
AUDIO_PROFILES = ("audio",)
CONTENT_TYPES = {
    "poster": "image/jpeg",
    "480p": "video/mp4",
    "240p": "video/mp4",
    "audio": "audio/mp4",
}
ENDINGS = {"image/jpeg": ".jpg", "video/mp4": ".mp4", "audio/mp4": ".m4a"}

#: ffmpeg's demuxer for each content type.
DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "audio/mp4": "mov",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
}
DECODERS = (
    "h264,hevc,mpeg4,vp8,vp9,libdav1d,mjpeg,prores,"
    "aac,mp3float,mp3,opus,vorbis,alac,flac,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,pcm_mulaw,pcm_alaw"
)
#: A picture of 8K, no more.
MOST_PIXELS = 36_000_000
#: Seconds of the longest lecture.
LONGEST = 6 * 3600
#: The most time an attempt may take, in seconds: a start, and twice the length.
START_SECONDS, TIMES_LENGTH = 120, 2.0
#: How often whoever waits says that it is still there.
BEAT_SECONDS = 5.0

#: The shorter side, constant quality, most bits a second of picture and of sound, channels.
_SIZES = {
    "480p": (480, 26, "900k", "96k", "2"),
    "240p": (240, 28, "320k", "48k", "1"),
}

_DURATION = re.compile(r"Duration: (?:N/A|(\d+):(\d\d):(\d\d(?:\.\d+)?))")
_VIDEO = re.compile(r"Stream #0:\d+.*?: Video: (\w+).*?, (\d{1,5})x(\d{1,5})")
_AUDIO = re.compile(r"Stream #0:\d+.*?: Audio: (\w+)")
_ROTATED = re.compile(r"rotation of (-?\d+)")
#: What is made of a picture embedded in a recording is no video.
_COVER = "(attached pic)"


class TranscodingError(Exception):
    """ffmpeg could not make a file of this one; the reason is for the log and the trainer."""


@dataclass(frozen=True)
class Probe:
    """What a file holds."""

    #: Length in seconds; 0 when the file does not say, as those that browsers record.
    seconds: float
    #: As shown, after rotation; 0 without picture.
    width: int
    height: int
    has_video: bool
    has_audio: bool

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {"width": self.width, "height": self.height, "seconds": round(self.seconds, 2)}


def wants(probe: Probe, profile: str) -> bool:
    """Tell whether a profile makes sense for a file: nothing is made larger than it was."""
    if profile == "audio":
        return probe.has_audio
    if profile == "480p":
        return probe.has_video and min(probe.width, probe.height) > _SIZES["240p"][0]
    return probe.has_video


def probe_command(source: Path, content_type: str) -> list[str]:
    """Return the command that tells what a file holds, on its standard error."""
    return [_ffmpeg(), "-hide_banner", "-nostdin", *_input(source, content_type)]


def command(source: Path, content_type: str, profile: str, target: Path, probe: Probe) -> list[str]:
    """Return the command that makes one profile of a file."""
    head = [_ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    if profile == "poster":
        # Not the first picture, which is often black.
        at = min(probe.seconds * 0.1, 5.0)
        return [*head, "-ss", f"{at:.2f}", *_input(source, content_type), *_poster(), str(target)]
    tail = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]
    tail += ["-movflags", "+faststart", "-f", "mp4", "-t", str(LONGEST), str(target)]
    if profile == "audio":
        sound = ["-map", "0:a:0", "-vn", *_sound("64k", "1")]
        return [*head, *_input(source, content_type), *sound, *tail]
    return [*head, *_input(source, content_type), *_picture(profile), *tail]


def read_probe(text: str) -> Probe:
    """Return what ffmpeg said about a file. Raises TranscodingError when it is none."""
    duration, video = _DURATION.search(text), _find_video(text)
    audio = _AUDIO.search(text)
    if duration is None or not (video or audio):
        raise TranscodingError(_last_line(text))
    hours, minutes, seconds = (part or "0" for part in duration.groups())
    width, height = (int(video[2]), int(video[3])) if video else (0, 0)
    turned = _ROTATED.search(text)
    if turned and abs(int(turned[1])) in (90, 270):
        width, height = height, width
    length = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return Probe(length, width, height, bool(video), bool(audio))


def seconds_allowed(probe: Probe) -> float:
    """Return how long one attempt may take."""
    return START_SECONDS + TIMES_LENGTH * min(probe.seconds or LONGEST / 6, LONGEST)


def probe_file(source: Path, content_type: str) -> Probe:
    """Return what a file holds. Raises TranscodingError."""
    try:
        # Without a target ffmpeg names what it found, and fails.
        done = subprocess.run(  # noqa: S603 - our own command line
            probe_command(source, content_type),
            capture_output=True,
            check=False,
            timeout=START_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise TranscodingError("the file could not be looked at in time") from None
    return read_probe(done.stderr.decode(errors="replace"))


def run(
    line: Sequence[str], allowed: float, beat: Callable[[], None], note: Callable[[int], None]
) -> None:
    """Run a command at low priority; call ``beat`` every few seconds while it runs.

    ``note`` is told the process's id. Raises TranscodingError when it fails or takes more
    than the seconds allowed; whatever is raised, the process is gone.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [*_niced(), *line],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        note(process.pid)
        _wait(process, allowed, beat)
    finally:
        process.kill()
        process.communicate()


def _wait(process: "subprocess.Popen[bytes]", allowed: float, beat: Callable[[], None]) -> None:
    while True:
        try:
            _out, complaints = process.communicate(timeout=min(BEAT_SECONDS, allowed))
        except subprocess.TimeoutExpired:
            allowed -= BEAT_SECONDS
            if allowed <= 0:
                raise TranscodingError("it took too long") from None
            beat()
            continue
        if process.returncode != 0:
            raise TranscodingError(_last_line(complaints.decode(errors="replace")))
        return


def _input(source: Path, content_type: str) -> list[str]:
    return [
        *("-protocol_whitelist", "file", "-f", DEMUXERS[content_type]),
        *("-codec_whitelist", DECODERS, "-max_pixels", str(MOST_PIXELS), "-threads", "1"),
        *("-i", f"file:{source}"),
    ]


def _poster() -> list[str]:
    scale = "scale='min(854,iw)':-2"
    return ["-map", "0:v:0", "-frames:v", "1", "-vf", scale, "-q:v", "5", "-f", "mjpeg"]


def _picture(profile: str) -> list[str]:
    side, quality, most, sound, channels = _SIZES[profile]
    # The shorter side decides, so that a film held upright is treated alike.
    wide, tall = f"if(gt(iw,ih),-2,min({side},iw))", f"if(gt(iw,ih),min({side},ih),-2)"
    return [
        *("-map", "0:v:0", "-map", "0:a:0?", "-vf", f"scale='{wide}':'{tall}',format=yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-threads", "1"),
        *("-crf", str(quality), "-maxrate", most, "-bufsize", "2M", "-fpsmax", "30"),
        *_sound(sound, channels),
    ]


def _sound(bit_rate: str, channels: str) -> list[str]:
    return ["-c:a", "aac", "-b:a", bit_rate, "-ac", channels, "-ar", "44100"]


def _find_video(text: str) -> re.Match[str] | None:
    lines = (line for line in text.splitlines() if _COVER not in line)
    return next((found for line in lines if (found := _VIDEO.search(line))), None)


def _niced() -> list[str]:
    nice = shutil.which("nice")
    return [nice, "-n", "15"] if nice else []


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no reason was given"


def _ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())
