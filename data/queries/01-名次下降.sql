-- 标题: 本月名次下降最多的单位
-- 说明: 各单位累计名次比上月下降几位，以及本月比同类别平均少得最多的三个要点。名次按已核定的分。
-- 参数: month 月份 月份 = 本月
with item as (
    select 类别代码, 要点编号, 要点, sum(分数) as total
    from 记账
    where 月份 = $month
    group by all
),
own as (
    select 代码, 要点编号, sum(分数) as points
    from 记账
    where 月份 = $month
    group by all
),
behind as (
    select
        r.代码,
        i.要点编号,
        i.要点,
        round(i.total / r.参评数 - coalesce(o.points, 0), 2)::decimal(12, 2) as points
    from 累计排名 r
    join item i on i.类别代码 = r.类别代码
    left join own o on o.代码 = r.代码 and o.要点编号 = i.要点编号
    where r.月份 = $month
),
most as (
    select *, row_number() over (partition by 代码 order by points desc, 要点编号) as number
    from behind
    where points > 0
),
items as (
    select 代码, string_agg(要点 || ' ' || points, '、' order by number) as items
    from most
    where number <= 3
    group by 代码
)
select
    m.类别,
    m.代码,
    m.单位,
    -m.升降        as 下降,
    m.上月名次,
    m.名次         as 本月名次,
    m.本月得分,
    m.累计分,
    w.items        as 比平均少得最多的要点
from 名次变化 m
left join items w on w.代码 = m.代码
where m.月份 = $month and m.升降 < 0
order by 下降 desc, m.类别, 本月名次, m.代码
limit 50;
