"""Invented places, trades and people of the demonstration; shares as in the field's statistics (handbook 4.2)."""

from __future__ import annotations

from qiao.org.access.choices import Role

DISTRICTS = (
    ("青禾区", "Qinghe District"),
    ("石渡区", "Shidu District"),
    ("云岭区", "Yunling District"),
    ("临江区", "Linjiang District"),
    ("南桥区", "Nanqiao District"),
    ("白沙区", "Baisha District"),
    ("松湾区", "Songwan District"),
    ("柳浦区", "Liupu District"),
    ("东塬区", "Dongyuan District"),
    ("金麓区", "Jinlu District"),
    ("双汀区", "Shuangting District"),
    ("北栈区", "Beizhan District"),
)
#: Shares of members, in per cent (handbook 4.2).
DISTRICT_SHARES = (15, 13, 11, 10, 9, 8, 8, 7, 6, 5, 4.5, 3.5)
HUBS = (
    ("河口园区", "Hekou Park"),
    ("老街", "Old Street"),
    ("新港", "New Port"),
    ("东门", "East Gate"),
    ("西堤", "West Dyke"),
)
SECTORS = (
    ("制造业", "manufacturing", 30),
    ("建筑业", "building", 9),
    ("交通运输和快递业", "transport and delivery", 12),
    ("商贸餐饮业", "trade and catering", 14),
    ("教育", "education", 10),
    ("医疗卫生", "health", 8),
    ("机关和公用事业", "administration and utilities", 9),
    ("金融科技和其他", "finance, technology and other", 8),
)
BASE_NAMES = {
    0: (
        ("精密机件厂", "Precision Parts Works"),
        ("纺织厂", "Textile Mill"),
        ("电子厂", "Electronics Works"),
        ("家具厂", "Furniture Works"),
    ),
    1: (("建筑公司", "Construction"), ("市政工程公司", "Civil Works")),
    2: (("公交公司", "Bus Company"), ("快递站", "Courier Station"), ("货运公司", "Freight Company")),
    3: (("百货公司", "Department Store"), ("餐饮公司", "Catering Company"), ("超市", "Supermarket")),
    4: (("中学", "Secondary School"), ("小学", "Primary School")),
    5: (("人民医院", "Hospital"), ("社区卫生中心", "Community Clinic")),
    6: (("自来水公司", "Waterworks"), ("环卫所", "Sanitation Office")),
    7: (("软件公司", "Software Company"), ("物业公司", "Property Services")),
}
PREFIXES = (
    ("禾丰", "Hefeng"),
    ("远帆", "Yuanfan"),
    ("长汀", "Changting"),
    ("启明", "Qiming"),
    ("永和", "Yonghe"),
    ("星桥", "Xingqiao"),
    ("同济湾", "Tongji Bay"),
    ("海棠", "Haitang"),
    ("广源", "Guangyuan"),
    ("林泉", "Linquan"),
    ("华田", "Huatian"),
    ("宏川", "Hongchuan"),
)
SURNAMES = "桥河江湖林石田云溪松柏梅竹兰禾"
GIVEN = (
    "一诺",
    "晓舟",
    "安平",
    "明远",
    "思齐",
    "小满",
    "知秋",
    "立夏",
    "青禾",
    "若水",
    "长风",
    "子墨",
    "春晓",
    "向阳",
    "望舒",
    "清和",
)
OFFICERS: tuple[tuple[Role, str, str], ...] = (
    (Role.ORG_OFFICER, "石明远", "org"),
    (Role.DESK_OFFICER, "岸听澜", "desk"),
    (Role.CASE_HANDLER, "苇知行", "handler"),
    (Role.SURVEY_OWNER, "林晓舟", "survey"),
    (Role.SAMPLE_DRAWER, "田安平", "drawer"),
    (Role.INTERVIEWER, "岚听雨", "interviewer"),
    (Role.ANALYST, "云知秋", "analyst"),
    (Role.SECRETARY, "江若水", "secretary"),
    (Role.EXECUTIVE, "松立夏", "executive"),
    (Role.COUNT_OFFICER, "竹清和", "count"),
    (Role.TASK_OWNER, "湖向阳", "owner"),
    (Role.EVALUATOR, "石望舒", "evaluator"),
    (Role.EDITOR, "梅春晓", "editor"),
    (Role.PUBLISHER, "柏长风", "publisher"),
    (Role.AUDITOR, "溪子墨", "auditor"),
    (Role.DPO, "竹守默", "privacy"),
    (Role.SYS_ADMIN, "兰小满", "admin"),
)
