"""Draws the sample pictures beside this file: python resources/samples/draw.py [NAME …]."""

import math
import sys
from collections.abc import Callable
from pathlib import Path

from canvas import Picture, fuse, mixed


def airplane() -> Picture:
    p = Picture(1)
    p.backdrop((0, "#3a7cca"), (300, "#86baea"), (480, "#cee4f6"))
    p.clouds((80, 424, 90), (330, 448, 110), (410, 90, 52), (70, 70, 34))
    p.turn = -8
    p.paint(p.polygon("292,214 222,214 176,140 196,138"), "#a8b4c8", "#8c98ae", soft=4)
    p.paint(p.polygon("60,226 28,196 48,194 106,222"), "#96a4ba", soft=3)
    fin = p.polygon("58,216 24,126 62,124 136,212")
    p.paint(fin, "#245cbe", "#1c4696", soft=6)
    p.flat(p.polygon("20,150 90,150 100,166 20,166"), "#f0c83c", within=fin)
    body = p.outline("22,214 70,207 150,202 300,202 385,205 430,222 456,246 436,264 380,276 250,280 160,276 95,252")
    p.paint(body, "#fafbfd", "#b6c2d4", dark=0.6, soft=14)
    p.flat(p.polygon("20,246 460,246 460,254 20,254"), "#245cbe", within=body)
    for x in range(132, 390, 14):
        p.flat(p.oval(x, 231, 3.6, 4.8), "#2c3e5c")
    p.paint(p.box(397, 221, 408, 246, 1), "#d6deea", soft=2)
    p.flat(p.polygon("418,222 428,222 444,236 424,237"), "#222e46", "#465a78")
    p.paint(p.polygon("58,232 112,236 52,268 24,268"), "#d0d8e6", "#a0acc2", soft=4)
    p.glaze(p.polygon("320,276 200,276 130,330 160,330"), "#28325a", 0.25, blur=6, within=body)
    p.paint(p.polygon("322,262 206,262 88,366 112,372"), "#e2e8f2", "#96a2ba", soft=5)
    engine = fuse(p.oval(250, 306, 34, 15), p.polygon("216,296 196,306 216,316"), radius=2)
    p.paint(engine, "#f0f3f8", "#8c98b0", soft=7)
    p.flat(p.oval(279, 306, 7, 13), "#343c50")
    return p


def ship() -> Picture:
    p = Picture(2)
    p.backdrop((0, "#68a4de"), (250, "#d0e4f2"), (263, "#d6e6f0"))
    p.backdrop((263, "#2e6e96"), (480, "#103e68"))
    p.clouds((90, 74, 60), (390, 120, 70), share=0.75)
    p.waves(268, ["#4284aa", "#225c86", "#5c98ba"], 240)
    p.glaze(p.polygon("50,350 420,350 400,420 80,420"), "#0c1e38", 0.6, blur=10)
    for left, top, right, bottom in ((80, 204, 318, 270), (96, 168, 290, 210), (118, 136, 262, 172)):
        p.paint(p.box(left, top, right, bottom, 2), "#fcfcfc", "#d8e0ea", soft=6)
    p.paint(p.polygon("262,136 286,168 262,170"), "#e6ecf2", soft=3)
    p.paint(p.polygon("138,138 132,66 188,66 194,138"), "#d63e30", "#ac2824", soft=8)
    p.paint(p.polygon("132,64 188,64 190,84 133,84"), "#262830", soft=5)
    p.paint(p.limb("238,138,3 238,84,2 238,56,1"), "#d2d6de", soft=2)
    for y, left, right in ((236, 96, 308), (188, 112, 280)):
        for x in range(left, right, 16):
            p.flat(p.box(x, y - 6, x + 9, y + 5, 1), "#344e70")
    p.flat(p.box(200, 146, 258, 160, 1), "#2c4262")
    hull = p.polygon("22,262 70,268 360,262 462,232 418,336 410,352 62,352 40,330")
    p.paint(hull, "#263c68", "#16264a", soft=12)
    p.paint(p.box(0, 332, 480, 356), "#a6302a", "#822222", light=0, within=hull, soft=6)
    p.paint(p.polygon("22,258 70,264 360,258 464,228 458,242 362,269 70,275 26,269"), "#f0f3f7", soft=2)
    for x in range(92, 360, 34):
        p.flat(p.oval(x, 300, 4.5, 4.5), "#c4d2e2")
    p.paint(fuse(p.limb("372,262,2.5 368,190,2.5"), p.limb("368,196,2 418,226,1.6")), "#ceaa3c", soft=2)
    spread = p.random.uniform
    foam = fuse(*(p.oval(spread(46, 440), spread(351, 358), spread(8, 22), 3) for _ in range(40)))
    p.glaze(foam, "#f0f8fc", 0.8, blur=1.5)
    return p


def street(p: Picture, horizon: float) -> None:
    p.backdrop((0, "#78b0e6"), (horizon, "#d6e8f4"))
    p.clouds((100, 60, 54), (380, 80, 64), share=0.7)
    p.foliage(horizon - 44, horizon - 6, ["#467444", "#58864c", "#3a6442", "#689254"], 26, 90, 5)
    p.backdrop((horizon, "#8e9096"), (480, "#62646c"))
    p.flat(p.box(0, horizon - 8, 480, horizon + 8), "#c4c2bc", "#acaaa6")
    for x in range(-40, 480, 130):
        p.flat(p.polygon(f"{x},436 {x + 76},436 {x + 70},446 {x - 8},446"), "#e8e6dc")


def wheel(p: Picture, x: float, y: float, radius: float) -> None:
    p.paint(p.oval(x, y, radius, radius), "#303036", "#1a1a1e", soft=5)
    p.paint(p.oval(x, y, radius * 0.62, radius * 0.62), "#c4c8d0", "#8e929c", soft=4)
    for turn in (math.tau * i / 5 + 0.3 for i in range(5)):
        hole = p.oval(x + radius * 0.36 * math.cos(turn), y + radius * 0.36 * math.sin(turn), radius / 8, radius / 8)
        p.flat(hole, "#464850")
    p.paint(p.oval(x, y, radius / 7, radius / 7), "#6e727c", soft=2)


def automobile() -> Picture:
    p = Picture(3)
    street(p, 262)
    p.glaze(p.oval(240, 368, 220, 18), "#141622", 0.75, blur=8)
    body = p.outline(
        "20,310 26,276 60,252 136,234 168,200 206,164 262,156 322,162 368,198 398,230 446,242 460,278 460,322 448,342 "
        "330,348 140,348 32,342"
    )
    p.paint(body, "#e22c28", "#a0141c", dark=0.6, soft=16)
    p.glaze(p.polygon("30,300 456,294 458,302 30,309"), "#5a0812", 0.5, blur=2, within=body)
    p.glaze(p.polygon("60,254 136,238 392,236 444,246 444,251 60,262"), "#ffc8be", 0.55, blur=3, within=body)
    front = p.polygon("160,230 188,200 214,174 256,168 256,230")
    rear = p.polygon("268,168 316,174 348,200 370,230 268,230")
    glass = fuse(front, rear, radius=3)
    p.paint(glass, "#465c7a", "#96b4ce", dark=0.4, light=0.1, soft=6)
    p.glaze(p.polygon("196,230 232,168 246,168 212,230"), "#ebf5ff", 0.4, blur=1, within=glass)
    p.glaze(p.polygon("300,230 330,168 340,168 316,230"), "#ebf5ff", 0.3, blur=1, within=glass)
    for x in (150, 262, 366):
        p.glaze(p.limb(f"{x},234,0.9 {x + 2},300,0.9 {x - 2},334,0.9"), "#46060e", 0.7, within=body)
    for x in (214, 318):
        p.paint(p.box(x, 250, x + 24, 256, 1), "#f0beb8", soft=2)
    p.paint(p.outline("24,282 34,268 66,264 58,280 34,288"), "#fffae0", "#f0e2aa", soft=3)
    p.paint(p.outline("440,252 456,262 459,284 446,280"), "#ff7846", "#be1e14", soft=3)
    p.paint(fuse(p.box(16, 318, 60, 334, 3), p.box(424, 318, 464, 334, 3)), "#46464e", soft=3)
    for x in (116, 366):
        p.flat(p.oval(x, 332, 50, 48), "#280a10", within=p.box(0, 0, 480, 348))
        wheel(p, x, 338, 42)
    return p


def truck() -> Picture:
    p = Picture(4)
    street(p, 286)
    p.glaze(p.oval(240, 396, 226, 15), "#141622", 0.8, blur=7)
    p.paint(p.box(24, 320, 440, 350, 3), "#3a3c44", soft=4)
    p.paint(p.box(300, 150, 334, 326, 2), "#2a2c34", soft=4)
    cargo = p.box(18, 92, 314, 324, 4)
    p.paint(cargo, "#fafafa", "#ced4de", soft=14)
    for x in range(44, 314, 26):
        p.glaze(p.box(x, 92, x + 2, 324), "#788296", 0.35, within=cargo)
    p.flat(p.polygon("18,226 314,166 314,226 18,286"), "#2e74c4", "#225aa4", within=cargo)
    p.paint(p.box(18, 92, 314, 102, 1), "#b0b8c4", within=cargo, soft=3)
    p.paint(p.box(18, 314, 314, 326, 1), "#787e8a", soft=3)
    cab = fuse(
        p.polygon("324,346 324,150 336,106 372,110 404,138 414,142 430,166 446,232 462,246 464,346"),
        p.polygon("324,346 324,250 464,250 464,346"),
        radius=7,
    )
    p.paint(cab, "#2e74c4", "#1a488c", soft=14)
    p.glaze(p.limb("328,146,1 372,144,1 414,144,1"), "#0c2450", 0.6, blur=0.5, within=cab)
    glass = fuse(p.polygon("358,166 410,166 434,230 358,230"), radius=4)
    p.paint(glass, "#3e5470", "#9cbad2", dark=0.4, light=0.1, soft=6)
    p.glaze(p.polygon("374,230 402,160 414,160 390,230"), "#ebf5ff", 0.4, blur=1, within=glass)
    p.glaze(p.limb("347,158,1 346,246,1 348,330,1"), "#0c2450", 0.7, within=cab)
    p.paint(p.box(358, 250, 378, 257, 1), "#d6dee8", soft=2)
    p.paint(p.box(440, 178, 450, 216, 2), "#282a32", soft=2)
    p.paint(p.outline("446,276 464,272 465,298 450,298"), "#fff8d6", "#ecdc96", soft=3)
    p.paint(p.box(430, 322, 472, 352, 3), "#ced2da", "#969ca8", soft=4)
    for x in (76, 160, 386):
        p.flat(p.oval(x, 346, 45, 42), "#1e1e26", within=p.box(0, 0, 480, 352))
        wheel(p, x, 356, 38)
    return p


def horse() -> Picture:
    p = Picture(5)
    meadow = ["#608e3e", "#507c36", "#74a04a", "#467032", "#84ac54"]
    p.backdrop((0, "#96c2e6"), (190, "#deeaec"), (250, "#78a04e"))
    p.foliage(160, 238, ["#3e623a", "#507642", "#305236", "#64864e", "#466c46"], 30, 120, 7)
    p.backdrop((250, "#86aa54"), (480, "#58843a"))
    p.grass(254, 480, meadow, 1500, 12)
    coat, under, dark = "#a26034", "#6c3a20", "#2c1a14"
    p.glaze(p.oval(262, 420, 170, 14), "#142814", 0.6, blur=7)
    far = fuse(
        p.limb("202,268,18 214,322,11 206,372,8 210,414,9"),
        p.limb("340,250,30 328,310,15 344,346,10 330,412,9"),
        radius=2,
    )
    p.paint(far, mixed(coat, dark, 0.45), mixed(under, dark, 0.6), soft=8)
    p.paint(p.limb("384,186,7 414,212,12 420,276,14 410,338,4"), "#3a241a", dark, soft=7)
    body = fuse(
        p.oval(258, 222, 112, 52),
        p.oval(184, 218, 48, 54),
        p.oval(340, 218, 56, 52),
        p.limb("196,190,22 268,194,20 344,186,20"),
        p.limb("186,206,48 150,150,36 116,98,24"),
        p.limb("122,96,24 96,124,21 66,162,13 60,168,14"),
        p.limb("172,250,28 168,318,13 168,366,8 164,416,9"),
        p.limb("352,240,40 364,292,20 384,334,11 372,380,8 368,416,9"),
        p.polygon("98,82 98,44 118,74"),
        radius=5,
    )
    p.paint(body, coat, under, dark=0.7, light=0.5, soft=20)
    p.glaze(p.oval(290, 262, 80, 18), "#3c1c0e", 0.35, blur=14, within=body)
    p.glaze(p.oval(338, 186, 36, 18), "#ecb078", 0.3, blur=14, within=body)
    p.glaze(p.oval(196, 196, 24, 30), "#ecb078", 0.25, blur=14, within=body)
    p.fur(body, ["#be7a48", "#764022"], 1200, 8, lambda x, y: 10 if x > 190 else 60)
    for x in (167, 371):
        p.glaze(p.oval(x, 392, 14, 46), "#241612", 0.85, blur=5, within=body)
    mane = fuse(
        p.limb("112,66,7 142,82,12 178,130,15 204,172,10 214,188,4"), p.limb("110,64,6 98,90,5 96,106,2"), radius=2
    )
    p.paint(mane, "#3a241a", dark, soft=6)
    p.fur(mane, ["#60402e", "#1e120e"], 300, 14, lambda x, y: 70)
    p.paint(fuse(p.polygon("114,80 120,40 136,78"), radius=3), coat, under, soft=4)
    p.glaze(p.limb("104,104,4 84,136,5 70,156,3"), "#faf0e2", 0.9, blur=1, within=body)
    p.glaze(p.oval(58, 170, 15, 13), "#322222", 0.75, blur=4, within=body)
    p.flat(p.oval(53, 167, 3, 4), "#181010")
    p.eye(110, 108, 5, "#3c2414")
    p.grass(404, 452, meadow, 200, 20)
    return p


def deer() -> Picture:
    p = Picture(6)
    straw = ["#969c50", "#7e8c42", "#b0ae62", "#687a38", "#beb66e"]
    p.backdrop((0, "#7c9450"), (240, "#a2b060"))
    p.foliage(-20, 200, ["#6c8848", "#7a9450", "#889e58", "#5c7a42", "#96a860"], 40, 120, 16)
    p.backdrop((240, "#9ca454"), (480, "#6a7c36"))
    p.grass(236, 480, straw, 1300, 18)
    coat, under, dark = "#c89e70", "#a07a52", "#583f2c"
    p.glaze(p.oval(216, 432, 150, 12), "#1e280e", 0.55, blur=7)
    far = fuse(
        p.limb("290,290,18 284,340,9 286,384,6.5 282,428,7"),
        p.limb("144,280,26 164,334,12 152,362,8 164,428,7"),
        radius=2,
    )
    p.paint(far, mixed(coat, dark, 0.4), mixed(under, dark, 0.5), soft=7)
    body = fuse(
        p.oval(212, 254, 92, 43),
        p.oval(284, 252, 40, 50),
        p.oval(142, 258, 46, 46),
        p.limb("140,234,22 210,232,20 284,226,24"),
        p.limb("286,246,42 318,196,28 336,150,22"),
        p.limb("334,142,25 356,152,21 388,168,12 394,170,12"),
        p.limb("308,276,22 314,336,10 312,384,7 316,430,7.5"),
        p.limb("128,272,34 118,322,16 100,354,9 110,390,7 110,430,7.5"),
        p.limb("104,236,10 92,250,9 90,266,5"),
        radius=5,
    )
    p.paint(body, coat, under, dark=0.6, light=0.5, soft=16)
    p.fur(body, ["#e0b888", "#94703f"], 1100, 7, lambda x, y: 170 if x < 280 else 110)
    p.glaze(p.oval(208, 296, 80, 10), "#f6e4c8", 0.75, blur=6, within=body)
    p.glaze(p.oval(340, 196, 12, 26, 20), "#f6e4c8", 0.6, blur=7, within=body)
    p.glaze(p.oval(92, 256, 14, 18), "#fcf4e4", 0.9, blur=4, within=body)
    p.glaze(p.oval(382, 182, 16, 6, 20), "#faf0de", 0.8, blur=3, within=body)
    p.glaze(p.oval(388, 160, 10, 8), "#5a3a28", 0.6, blur=4, within=body)
    far_ear = p.outline("326,136 308,114 278,106 288,130 314,148")
    p.paint(far_ear, coat, under, soft=5)
    p.glaze(p.limb("288,116,2 302,126,5 312,136,3"), "#f4d8c2", 0.85, blur=2, within=far_ear)
    antlers = [
        "332,124,6 318,92,5.5 322,54,5 350,24,2.6",
        "319,82,4.5 300,62,4 294,38,2",
        "322,58,4 308,38,3.2 306,16,1.8",
        "344,124,6 352,92,5.5 376,62,5 408,46,2.6",
        "357,84,4.5 354,56,3.6 364,32,2",
        "378,62,4 384,38,3.2 400,18,1.8",
    ]
    p.paint(fuse(*map(p.limb, antlers), radius=1), "#94724c", "#5e442c", soft=3)
    near_ear = p.outline("348,136 360,112 386,100 384,122 362,146")
    p.paint(near_ear, mixed(coat, dark, 0.15), under, soft=5)
    p.glaze(p.limb("376,110,2 366,122,4 358,134,2"), "#5a3826", 0.5, blur=2, within=near_ear)
    p.paint(p.oval(401, 168, 7, 6), "#221a1a", soft=2)
    p.eye(356, 149, 5, "#3c2414")
    p.grass(420, 470, straw, 260, 28)
    return p


def bird() -> Picture:
    p = Picture(7)
    p.backdrop((0, "#a8c696"), (480, "#78a06c"))
    p.foliage(-40, 520, ["#96ba80", "#80a870", "#b6ce96", "#6c9662", "#c6d6a4"], 56, 70, 22)
    branch = fuse(
        p.limb("-10,404,17 140,390,15 320,396,12 490,372,9"), p.limb("330,392,7 392,424,5 440,430,3"), radius=3
    )
    p.paint(branch, "#866448", "#523a2a", soft=8)
    for x, y, angle in ((444, 434, 20), (466, 372, -30), (412, 426, 60)):
        p.paint(p.oval(x, y, 22, 9, angle), "#7eac4a", "#588a34", soft=5)
    tail = fuse(p.polygon("132,296 20,372 40,396 160,330"), radius=5)
    p.paint(tail, "#2c5496", "#1a3260", soft=8)
    p.glaze(p.limb("140,318,1 80,354,1.4 34,382,1"), "#0e1c40", 0.6, blur=0.6, within=tail)
    for x in (216, 258):
        foot = fuse(p.limb(f"{x},360,4 {x + 4},386,3 {x + 18},392,3"), p.limb(f"{x + 4},384,3 {x - 10},396,3"))
        p.paint(foot, "#60463c", soft=2)
    body = p.outline(
        "130,312 150,262 206,206 256,152 306,108 354,112 382,150 380,196 362,254 326,320 270,364 206,370 150,350"
    )
    p.paint(body, "#548ed2", "#3e74be", dark=0.6, soft=22)
    breast = p.outline("386,190 352,200 318,236 290,300 226,340 176,366 260,384 350,340 400,240")
    p.glaze(breast, "#e88e46", 1, blur=5, within=body)
    p.glaze(p.oval(262, 366, 64, 20, -14), "#f6ecdc", 0.95, blur=9, within=body)
    p.glaze(p.limb("380,220,8 350,300,12 280,360,12"), "#6e3228", 0.35, blur=8, within=body)
    p.fur(body, ["#82b2e6", "#3a6aac", "#f2b680"], 420, 7, lambda x, y: 125)
    wing = p.outline("296,218 262,204 214,228 150,284 92,344 150,344 226,326 278,286")
    p.glaze(wing, "#12244c", 0.5, blur=7, within=body)
    p.paint(wing, "#4274b8", "#22427e", dark=0.7, soft=10)
    for i in range(6):
        quill = f"{262 - 22 * i},{272 + 9 * i},1 {206 - 18 * i},{312 + 5 * i},1.6 {140 - 8 * i},{340 + i},1"
        p.glaze(p.limb(quill), "#10204a", 0.7, blur=0.7, within=wing)
    for x, y in ((268, 234), (244, 244), (222, 258), (254, 262), (230, 274), (200, 276)):
        feather = p.limb(f"{x - 12},{y - 6},0.8 {x - 10},{y + 9},2 {x + 8},{y + 10},0.8")
        p.glaze(feather, "#9cc0ec", 0.55, blur=1, within=wing)
    p.paint(fuse(p.polygon("376,144 432,168 374,172"), radius=2), "#464042", "#221e22", soft=4)
    p.glaze(p.limb("374,160,0.8 424,167,0.6"), "#969092", 0.8)
    p.eye(344, 148, 11, "#322018")
    return p


def frog() -> Picture:
    p = Picture(8)
    p.backdrop((0, "#5a4e38"), (480, "#463c2c"))
    p.foliage(-40, 520, ["#64573c", "#4e442e", "#706444", "#3e3626", "#5c6038"], 50, 80, 18)
    leaf = p.outline("-30,400 70,340 240,322 410,344 510,410 420,470 240,500 50,470")
    p.paint(leaf, "#7a9642", "#4e702e", dark=0.5, soft=16)
    for x in range(-60, 560, 120):
        p.glaze(p.limb(f"240,505,2 {(x + 240) / 2},420,1.5 {x},330,1"), "#b0c470", 0.5, blur=1, within=leaf)
    skin, under, pale, spot = "#78a836", "#467424", "#dedc96", "#3c5e1e"
    p.glaze(p.oval(242, 418, 190, 26), "#141e0a", 0.7, blur=9)
    for p.mirrored in (True, False):
        thigh = fuse(
            p.oval(376, 340, 66, 52, 38),
            p.limb("416,384,20 370,408,16 360,414,12"),
            p.limb("370,406,13 430,424,8 446,426,6"),
            p.limb("374,410,10 408,436,6 416,438,6"),
            radius=4,
        )
        p.paint(thigh, mixed(skin, "#000000", 0.06), under, dark=0.65, soft=16)
        for y in (312, 344, 372):
            p.glaze(p.oval(392, y, 24, 7, 20), spot, 0.75, blur=3, within=thigh)
    body = p.outline("240,190 330,214 366,290 348,370 290,412 240,418 190,412 132,370 114,290 150,214")
    p.paint(body, skin, under, dark=0.6, soft=20)
    p.glaze(p.oval(240, 362, 70, 54), pale, 0.65, blur=14, within=body)
    for p.mirrored in (True, False):
        fingers = [p.limb(f"324,412,11 {324 + dx},432,6 {324 + dx * 1.25},438,7") for dx in (-34, -10, 16, 38)]
        p.paint(fuse(p.limb("344,318,26 356,368,19 324,412,14"), *fingers, radius=3), skin, under, dark=0.6, soft=10)
    head = fuse(p.oval(240, 226, 138, 82), p.oval(160, 152, 42, 42), p.oval(320, 152, 42, 42), radius=10)
    p.paint(head, "#8aba3e", "#60922e", dark=0.6, soft=22)
    p.glaze(p.oval(240, 296, 112, 40), pale, 0.9, blur=9, within=head)
    mouth = p.limb("112,240,2 160,268,3.4 240,278,3.6 320,268,3.4 368,240,2")
    p.glaze(mouth, "#304218", 0.95, blur=0.8, within=head)
    for x, y, r in ((196, 180, 9), (282, 188, 8), (240, 166, 10), (150, 218, 8), (336, 214, 9), (214, 206, 6)):
        p.glaze(p.oval(x, y, r * 1.3, r), spot, 0.8, blur=2, within=head)
    for x in (224, 256):
        p.flat(p.oval(x, 226, 3.4, 2.4), "#283a14")
    for x in (158, 322):
        p.paint(p.oval(x, 148, 33, 33), "#ecce5c", "#be8c2c", dark=0.5, soft=7)
        p.flat(p.oval(x, 149, 24, 13), "#12100e")
        p.flat(p.oval(x - 11, 138, 6.5, 6.5), "#ffffff")
    return p


def from_the_nose(x: float, y: float) -> float:
    """How the hairs of a face lie: away from the nose."""
    return math.degrees(math.atan2(y - 256, x - 240))


def down_the_chest(x: float, y: float) -> float:
    return 90 + (240 - x) * 0.2


def cat() -> Picture:
    p = Picture(9)
    p.backdrop((0, "#cebeaa"), (480, "#96806c"))
    p.foliage(-40, 520, ["#d6c8b4", "#beac96", "#e2d6c4", "#ac9680"], 70, 40, 30)
    coat, under, stripe, white = "#a08e7a", "#7a6858", "#42362e", "#faf5ee"
    chest = p.outline("130,520 120,420 156,340 240,316 324,340 362,420 352,520")
    p.paint(chest, coat, under, dark=0.6, soft=26)
    p.glaze(p.oval(240, 430, 58, 90), "#f4eee4", 0.95, blur=14, within=chest)
    for p.mirrored in (True, False):
        for y in (380, 416, 452):
            p.glaze(p.limb(f"362,{y},6 332,{y + 8},5 312,{y + 4},2"), stripe, 0.7, blur=2, within=chest)
    p.fur(chest, ["#c4b4a0", "#6e5c4e", "#f0e8de"], 900, 14, down_the_chest)
    p.glaze(p.oval(240, 356, 110, 30), "#322624", 0.5, blur=16, within=chest)
    for p.mirrored in (True, False):
        p.paint(fuse(p.polygon("376,52 382,190 276,122"), radius=5), coat, under, dark=0.5, soft=9)
        inner = fuse(p.polygon("366,84 368,170 306,128"), radius=4)
        p.paint(inner, "#dea89c", "#ba847a", dark=0.4, light=0.1, soft=8)
    head = p.outline("240,108 310,120 366,168 384,232 362,296 310,342 240,358 170,342 118,296 96,232 114,168 170,120")
    p.paint(head, "#b09c86", under, dark=0.55, soft=24)
    cheeks = fuse(p.oval(206, 294, 46, 38), p.oval(274, 294, 46, 38), p.oval(240, 330, 44, 26))
    p.glaze(fuse(cheeks, p.limb("240,280,22 240,220,9")), white, 0.95, blur=8, within=head)
    p.fur(head, ["#d6c6b2", "#766454"], 1100, 10, from_the_nose)
    for x, y in ((0, 118), (-28, 120), (28, 120), (-56, 132), (56, 132)):
        brow = p.limb(f"{240 + x},{y},6 {240 + x * 0.82},{y + 30},5.5 {240 + x * 0.7},{y + 54},2")
        p.glaze(brow, stripe, 0.85, blur=1.6, within=head)
    for p.mirrored in (True, False):
        for y in (238, 262, 290):
            p.glaze(p.limb(f"384,{y},6 356,{y + 11},4.5 334,{y + 13},1.5"), stripe, 0.8, blur=1.6, within=head)
        eye = p.outline("274,232 294,206 324,206 338,222 314,244")
        p.glaze(eye, "#28201e", 0.9, blur=3)
        p.paint(eye, "#96ac46", "#ced26e", dark=0.3, light=0.05, soft=6)
        p.flat(p.oval(307, 225, 8, 18), "#100e0e", within=eye)
        for y in (-14, 4, 22):
            p.glaze(p.limb(f"284,{296 + y * 0.3},1.1 360,{292 + y},0.9 430,{296 + y * 2},0.4"), "#ffffff", 0.85)
        p.glaze(p.limb("240,284,1.6 244,300,1.8 266,304,1.6 276,296,0.8"), "#503834", 0.9)
    for x in (165, 299):
        p.flat(p.oval(x, 215, 5, 5), "#ffffff")
    p.paint(p.outline("222,266 240,263 258,266 248,280 240,285 232,280"), "#e2968e", "#be6e6a", soft=4)
    return p


def dog() -> Picture:
    p = Picture(10)
    p.backdrop((0, "#96b878"), (480, "#608e46"))
    p.foliage(-40, 520, ["#8cb26c", "#76a05a", "#a6c480", "#628e4e"], 60, 60, 24)
    coat, under, white = "#e8be84", "#ba8852", "#fceaca"
    chest = p.outline("110,520 112,420 160,340 240,320 320,340 368,420 370,520")
    p.paint(chest, coat, under, dark=0.6, soft=26)
    p.glaze(p.oval(240, 440, 64, 90), "#faeed8", 0.9, blur=18, within=chest)
    p.fur(chest, ["#f6d8aa", "#b07e4c", "#fcf0dc"], 1000, 16, down_the_chest)
    p.glaze(p.oval(240, 366, 100, 30), "#462818", 0.5, blur=16, within=chest)
    head = p.outline("240,66 304,78 350,124 360,200 334,280 294,340 240,362 186,340 146,280 120,200 130,124 176,78")
    p.paint(head, coat, under, dark=0.5, soft=24)
    p.glaze(p.limb("240,80,14 240,170,16 240,240,26"), "#fcecd0", 0.75, blur=12, within=head)
    p.fur(head, ["#fadcb0", "#bc8a58"], 1100, 11, from_the_nose)
    p.paint(p.oval(240, 330, 44, 36), "#e2be8e", "#b08054", soft=12)
    p.flat(p.oval(240, 322, 34, 16), "#462224")
    tongue = p.outline("216,318 240,326 264,318 268,356 256,388 240,394 224,388 212,356")
    p.paint(tongue, "#ec8084", "#d05c68", dark=0.4, soft=9)
    p.glaze(p.limb("240,330,1.2 240,374,1"), "#a03c4a", 0.8)
    muzzle = fuse(p.oval(206, 286, 46, 42), p.oval(274, 286, 46, 42), p.oval(240, 258, 50, 46), radius=8)
    p.glaze(muzzle, "#5a321a", 0.4, blur=9, within=head)
    p.paint(muzzle, white, "#e0b888", dark=0.5, soft=16)
    for p.mirrored in (True, False):
        for x, y in ((270, 284), (284, 294), (272, 302), (292, 280)):
            p.flat(p.oval(x, y, 1.8, 1.8), "#825838")
        p.glaze(p.limb("240,278,2 243,304,2.2 272,320,2.2 306,306,1"), "#502c1e", 0.9)
        p.glaze(p.oval(300, 196, 26, 22), "#96643a", 0.5, blur=8, within=head)
        p.glaze(p.limb("276,166,2 298,158,5 318,166,2"), "#aa7646", 0.6, blur=2)
        ear = p.outline("296,78 336,78 376,112 400,178 402,250 382,294 354,290 340,236 334,168 314,118")
        p.glaze(ear, "#3c2214", 0.5, blur=8)
        p.paint(ear, "#bc824c", "#966034", dark=0.6, soft=14)
        p.fur(ear, ["#d6a068", "#7e4e2a"], 400, 14, lambda x, y: 90)
    for x in (182, 298):
        p.eye(x, 196, 15, "#5c341a")
    p.paint(p.outline("204,236 222,226 240,224 258,226 276,236 266,258 240,272 214,258"), "#3a3032", "#181416", soft=7)
    p.glaze(p.oval(230, 236, 14, 5), "#c8c8d6", 0.7, blur=3)
    return p


DRAWINGS: tuple[Callable[[], Picture], ...] = (
    *(airplane, automobile, bird, cat, deer),
    *(dog, frog, horse, ship, truck),
)


def main() -> None:
    for drawing in DRAWINGS:
        if drawing.__name__ in (sys.argv[1:] or drawing.__name__):
            drawing().finished().save(Path(__file__).with_name(f"{drawing.__name__}.png"), optimize=True)


if __name__ == "__main__":
    main()
