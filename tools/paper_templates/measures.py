"""What GB/T 9704-2012 prescribes: fonts, sizes of letters in points, lengths in millimetres.

初号 and its kin: 2号 22, 3号 16, 4号 14, 小4号 12, 5号 10.5.
"""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Pt, RGBColor

SONG_TITLE = "方正小标宋简体"
FANGSONG = "仿宋_GB2312"
HEI = "黑体"
KAI = "楷体_GB2312"
SONG = "宋体"
FALLBACKS = {
    SONG_TITLE: ("方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif CJK SC", "roman"),
    FANGSONG: ("仿宋,FangSong,华文仿宋,FandolFang,Noto Serif CJK SC", "modern"),
    HEI: ("SimHei,Noto Sans CJK SC,文泉驿正黑", "modern"),
    KAI: ("楷体,KaiTi,华文楷体,FandolKai,Noto Serif CJK SC", "modern"),
    SONG: ("SimSun,Noto Serif CJK SC,新宋体", "auto"),
}
"""Each font the standard names, with others that stand in for it where it isn't installed."""

TWO, THREE, FOUR, SMALL_FOUR, FIVE = 22.0, 16.0, 14.0, 12.0, 10.5
RED = RGBColor(0xFF, 0, 0)
CENTER, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
BOTH = WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT_TAB = WD_TAB_ALIGNMENT.RIGHT

TOP, INSIDE, WIDTH, HEIGHT = 37, 28, 156, 225
"""天头, 订口, and the type area 版心."""
LINES, LETTERS = 22, 28
TWIPS_MM = 1440 / 25.4
LINE = Pt(28.95)
"""22 of them fill the height of the type area."""
LETTER = Pt(15.75)
"""28 of them fill its width, 29 don't fit."""
