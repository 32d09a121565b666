-- view: 失分明细 已核定的各月里，要点在本阶段截至当月离满分还差几分；只列有差的
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 月份 截至哪个月
-- column: 阶段 阶段名称
-- column: 阶段末 这个月是否为本阶段的最后一个月；不是的话，还差的分以后可能得到
-- column: 指标 考核指标
-- column: 要点编号 考核要点的编号
-- column: 要点 考核要点
-- column: 分值 要点的满分，只扣分的为 0
-- column: 得分 要点截至这个月的得分
-- column: 失分 分值减去得分
with by_item as (
    select unit, item, month, sum(points) as points
    from posting
    group by unit, item, month
),
cell as (
    select
        c.unit,
        c.month,
        i.*,
        sum(coalesce(b.points, 0)) over (
            partition by c.unit, i.id order by c.month
        )::decimal(12, 2) as got
    from confirmation c
    join _item i on c.month between i.first_month and i.last_month
    left join by_item b on b.unit = c.unit and b.item = i.id and b.month = c.month
)
select
    u.category                           as 类别代码,
    u.category_name                      as 类别,
    c.unit                               as 代码,
    u.name                               as 单位,
    c.month                              as 月份,
    c.stage                              as 阶段,
    c.month = c.last_month               as 阶段末,
    c.indicator                          as 指标,
    c.id                                 as 要点编号,
    c.label                              as 要点,
    c.points                             as 分值,
    c.got                                as 得分,
    (c.points - c.got)::decimal(12, 2)   as 失分
from cell c
join _unit u on u.code = c.unit
where c.points > c.got
