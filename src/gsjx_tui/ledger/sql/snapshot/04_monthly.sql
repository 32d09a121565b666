-- view: 月度得分 各单位每个月单独的得分，和当月在本类别的名次
-- column: 类别代码 类别的代码
-- column: 类别 类别名称
-- column: 月份 哪个月
-- column: 名次 只按这个月的得分在本类别的名次，同分同名次
-- column: 代码 单位代码
-- column: 单位 单位名称
-- column: 得分 这个月的得分
-- column: 参评数 这个月本类别有几个单位
-- column: 已核定 这个月是否已核定；没有核定的按 0 分
with by_month as (
    select unit, month, sum(points) as points
    from posting
    group by unit, month
),
standing as (
    select
        u.*,
        m.month,
        coalesce(b.points, 0)::decimal(12, 2) as points,
        c.unit is not null                    as confirmed
    from _unit u
    join _month m on u.from_month <= m.month and u.through_month >= m.month
    left join by_month b on b.unit = u.code and b.month = m.month
    left join confirmation c on c.unit = u.code and c.month = m.month
)
select
    category                                                       as 类别代码,
    category_name                                                  as 类别,
    month                                                          as 月份,
    rank() over (partition by category, month order by points desc) as 名次,
    code                                                           as 代码,
    name                                                           as 单位,
    points                                                         as 得分,
    count(*) over (partition by category, month)                   as 参评数,
    confirmed                                                      as 已核定
from standing
order by month, category_position, 名次, position
