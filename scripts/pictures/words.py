"""What the pictures say, in both languages of the README."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    source: str
    source_note: str
    result: str
    result_note: str
    reference: str
    reference_note: str
    reference_range: str
    pitch: str
    pitch_note: str
    tones: str
    tones_note: str
    tones_source_note: str
    tones_result_note: str
    seconds: str
    speed: str
    speed_note: str
    real_time: str
    speed_footnote: str
    systems: dict[str, str]
    """Our rows of the benchmark, by their names there."""
    python: str


WORDS = {
    "en": Words(
        source="Source",
        source_note="these words are kept",
        result="Result",
        result_note="the same words in the other voice",
        reference="Reference",
        reference_note="this voice is taken on",
        reference_range="reference’s range",
        pitch="Pitch",
        pitch_note="the source’s melody in the reference’s range",
        tones="Tones",
        tones_note="pitch of the six tones, before and after",
        tones_source_note="a speech synthesizer, a man’s voice",
        tones_result_note="the same syllables, a real woman’s voice",
        seconds="seconds",
        speed="Speed",
        speed_note="seconds of one core for a second of speech",
        real_time="real time",
        speed_footnote="10 s of speech. Server, browser and Python have the voice ready; "
        "the others describe it first.\nGrey: measured on another day, untrained weights of the official size.",
        systems={
            "Bun, warm, native": "server, native",
            "Bun, warm, WASM": "server",
            "Chromium, warm, WASM": "browser",
            "giong convert, new process, native": "new process, native",
            "giong convert, new process, WASM": "new process",
        },
        python="the recipe in Python",
    ),
    "vi": Words(
        source="Nguồn",
        source_note="giữ nguyên lời nói này",
        result="Kết quả",
        result_note="vẫn lời ấy, bằng giọng kia",
        reference="Mẫu",
        reference_note="lấy giọng này",
        reference_range="quãng của mẫu",
        pitch="Cao độ",
        pitch_note="giai điệu của nguồn trong quãng của mẫu",
        tones="Thanh điệu",
        tones_note="cao độ của sáu thanh, trước và sau",
        tones_source_note="máy đọc, giọng nam",
        tones_result_note="vẫn những tiếng ấy, giọng một phụ nữ thật",
        seconds="giây",
        speed="Tốc độ",
        speed_note="số giây một nhân CPU cho một giây tiếng nói",
        real_time="thời gian thực",
        speed_footnote="10 giây tiếng nói. Máy chủ, trình duyệt và Python có sẵn giọng; "
        "các dòng khác phân tích giọng trước.\n"
        "Màu xám: đo hôm khác, trọng số chưa huấn luyện, đúng kích thước chính thức.",
        systems={
            "Bun, warm, native": "máy chủ, native",
            "Bun, warm, WASM": "máy chủ",
            "Chromium, warm, WASM": "trình duyệt",
            "giong convert, new process, native": "tiến trình mới, native",
            "giong convert, new process, WASM": "tiến trình mới",
        },
        python="công thức bằng Python",
    ),
}
